package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.sd3.text.TextSyntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what all pictures of a matrix have in common: a request without prompt, method and seed.
 *
 * @param second prompt of CLIP-G where it is not the cell's, or null
 * @param third prompt of T5 where it is not the cell's, or null
 * @param negative texts that guidance leads away from
 * @param text how the prompts are read
 * @param width in pixels, divisible by 16
 * @param height in pixels, divisible by 16
 * @param sampling steps, sampler and sigmas
 * @param skipLayer skip-layer guidance, or null
 * @param image a picture to start from, or null
 * @param vaeTiling whether large pictures are decoded in tiles
 * @param controls control networks with their pictures
 * @param ipAdapter an IP-Adapter with its pictures, or null
 * @param enlargement makes the pictures larger
 */
public record PictureSettings(
        @Nullable String second,
        @Nullable String third,
        PromptTexts negative,
        TextOptions text,
        int width,
        int height,
        SamplingOptions sampling,
        @Nullable SkipLayerGuidance skipLayer,
        @Nullable ImageInput image,
        boolean vaeTiling,
        List<ControlInput> controls,
        @Nullable IpAdapterInput ipAdapter,
        Enlargement enlargement) {
    /** Keeps a copy of the list. */
    public PictureSettings {
        controls = List.copyOf(controls);
    }

    /** Returns the settings of plain pictures, all else as the model suggests. */
    public static PictureSettings of(
            String negative,
            int width,
            int height,
            SamplingOptions sampling,
            ModelDefaults defaults) {
        return new PictureSettings(
                null,
                null,
                PromptTexts.of(negative),
                new TextOptions(0, true, defaults.maxSequenceLength()),
                width,
                height,
                sampling,
                null,
                null,
                false,
                List.of(),
                null,
                Enlargement.NONE);
    }

    /** Returns the same settings with a picture to start from, or with none. */
    public PictureSettings startingFrom(@Nullable ImageInput other) {
        return new PictureSettings(
                second,
                third,
                negative,
                text,
                width,
                height,
                sampling,
                skipLayer,
                other,
                vaeTiling,
                controls,
                ipAdapter,
                enlargement);
    }

    /** Returns the same settings with another syntax of prompts; null is plain text. */
    public PictureSettings in(@Nullable TextSyntax syntax) {
        return new PictureSettings(
                second,
                third,
                negative,
                text.in(syntax),
                width,
                height,
                sampling,
                skipLayer,
                image,
                vaeTiling,
                controls,
                ipAdapter,
                enlargement);
    }

    /** Returns the same settings with other control networks. */
    public PictureSettings controlledBy(List<ControlInput> others) {
        return new PictureSettings(
                second,
                third,
                negative,
                text,
                width,
                height,
                sampling,
                skipLayer,
                image,
                vaeTiling,
                others,
                ipAdapter,
                enlargement);
    }

    /** Returns the same settings with another IP-Adapter, or with none. */
    public PictureSettings showing(@Nullable IpAdapterInput other) {
        return new PictureSettings(
                second,
                third,
                negative,
                text,
                width,
                height,
                sampling,
                skipLayer,
                image,
                vaeTiling,
                controls,
                other,
                enlargement);
    }

    /** Returns the same settings for pictures that are made larger. */
    public PictureSettings enlargedBy(Enlargement other) {
        return new PictureSettings(
                second, third, negative, text, width, height, sampling, skipLayer, image, vaeTiling,
                controls, ipAdapter, other);
    }

    /** Returns the same settings with what axes make of them; the method is the request's. */
    PictureSettings varied(Variation variation) {
        return new PictureSettings(
                second,
                third,
                negative,
                text,
                width,
                height,
                variation.sampling(),
                skipLayer,
                variation.image(),
                vaeTiling,
                variation.controls(),
                ipAdapter,
                enlargement);
    }

    /** Returns the request for pictures of a prompt without choices. */
    public GenerationRequest request(String prompt, Method method, List<Long> seeds) {
        return request(new MatrixRow(null, prompt, prompt), method, seeds);
    }

    /**
     * Returns the request for pictures of one row by one method, one for each seed.
     *
     * @throws dev.stanstudio.base.ArgumentException if it cannot work with any model
     */
    public GenerationRequest request(MatrixRow row, Method method, List<Long> seeds) {
        return new GenerationRequest(
                new PromptTexts(row.prompt(), second, third, row.template()),
                negative,
                text,
                width,
                height,
                seeds,
                sampling,
                skipLayer,
                image,
                null,
                vaeTiling,
                method.adapters(),
                method.features(),
                controls,
                ipAdapter,
                enlargement.hires(),
                enlargement.upscaler());
    }
}
