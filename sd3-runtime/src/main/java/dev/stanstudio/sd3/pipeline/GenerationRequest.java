package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.schedule.SigmaTable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a generation, all but the model. They are written into the picture's PNG as JSON
 * and read back from it. Made by a {@link RequestBuilder}.
 *
 * @param prompt texts of the wanted picture
 * @param negative texts that guidance leads away from; ignored without guidance
 * @param text options for reading the prompts
 * @param width in pixels, divisible by 16
 * @param height in pixels, divisible by 16
 * @param seeds one per picture, each with a generator of its own
 * @param sampling steps, sampler and sigmas
 * @param skipLayer skip-layer guidance, or null
 * @param image a picture to start from, or null
 * @param latentsFile initial noise instead of a draw: a safetensors file with the tensor {@code
 *     latents} [count or 1, C, H, W], or null
 * @param vaeTiling whether large pictures are decoded in overlapping tiles
 * @param adapters adapters of the transformer; may be left out in JSON
 * @param features changes of features of STANs among them; may be left out in JSON
 * @param controls control networks with their pictures; may be left out in JSON
 * @param ipAdapter an IP-Adapter with its pictures, or null
 * @param hires a second pass at a larger size, or null
 * @param upscaler a network that enlarges the finished picture, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GenerationRequest(
        PromptTexts prompt,
        PromptTexts negative,
        TextOptions text,
        int width,
        int height,
        List<Long> seeds,
        SamplingOptions sampling,
        @Nullable SkipLayerGuidance skipLayer,
        @Nullable ImageInput image,
        @Nullable String latentsFile,
        boolean vaeTiling,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WeightedAdapter> adapters,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FeatureChange> features,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ControlInput> controls,
        @Nullable IpAdapterInput ipAdapter,
        @Nullable HiresPass hires,
        @Nullable UpscalerInput upscaler) {
    private static final int STEP = 16;
    public static final int MOST_PICTURES = 100_000;

    /** Refuses sizes and counts that cannot work. */
    public GenerationRequest {
        side("width", width);
        side("height", height);
        Missing.refuse(prompt, "prompt");
        Missing.refuse(negative, "negative prompt");
        Missing.refuse(text, "reading of the prompts");
        Missing.refuse(sampling, "sampling");
        seeds = Missing.copy(seeds, "seeds");
        text.weighted(prompt);
        text.weighted(negative);
        PathText.check("the file of latents", latentsFile);
        adapters = Missing.copy(Objects.requireNonNullElse(adapters, List.of()), "adapters");
        features = Missing.copy(Objects.requireNonNullElse(features, List.of()), "features");
        controls = Missing.copy(Objects.requireNonNullElse(controls, List.of()), "controls");
        if (!features.isEmpty() && adapters.isEmpty()) {
            throw new ArgumentException(
                    "features belong to a STAN; name it with --adapter beside --feature");
        }
        if (seeds.isEmpty() || seeds.size() > MOST_PICTURES) {
            throw new ArgumentException(
                    "one request makes 1 … %d pictures, not %d"
                            .formatted(MOST_PICTURES, seeds.size()));
        }
        if (image != null && latentsFile != null) {
            throw new ArgumentException("give either an initial picture or initial latents");
        }
        if (hires != null) {
            hires.check(width, height, image, sampling);
        }
    }

    /** Refuses a width or height that is not divisible by 16; else returns it. */
    public static int side(String name, int value) {
        if (value < STEP || value % STEP != 0) {
            int lower = Math.max(STEP, value / STEP * STEP);
            String or = lower <= Integer.MAX_VALUE - STEP ? " or " + (lower + STEP) : "";
            throw new ArgumentException(
                    "%s must be divisible by 16, not %d; use %d%s"
                            .formatted(name, value, lower, or));
        }
        return value;
    }

    /** Returns a request with the model's defaults for everything but prompt and seed. */
    public static GenerationRequest of(String prompt, long seed, ModelDefaults defaults) {
        return builder(defaults).prompt(PromptTexts.of(prompt)).seeds(List.of(seed)).build();
    }

    /** Returns a builder of requests with an empty prompt, seed 0 and a model's defaults. */
    public static RequestBuilder builder(ModelDefaults defaults) {
        return new RequestBuilder(defaults);
    }

    /** Returns a builder that begins with everything as it is here. */
    public RequestBuilder toBuilder() {
        return new RequestBuilder(this);
    }

    /**
     * Returns the words of the prompt and the negative prompt that have weights, as {@code red ×
     * 1.3}; empty for plain text.
     */
    public List<String> weightedWords() {
        return Stream.of(prompt, negative).flatMap(texts -> text.weighted(texts).stream()).toList();
    }

    /**
     * Returns the first of {@code steps} steps that is made, counted from 0: an initial picture
     * leaves out those before its noise level.
     *
     * @throws ArgumentException if its strength leaves none
     */
    public int firstStep(int steps) {
        return image == null ? 0 : SigmaTable.startStep(steps, image.strength());
    }

    /** Returns the same request for picture {@code index} alone. */
    public GenerationRequest single(int index) {
        return toBuilder().seeds(List.of(seeds.get(index))).build();
    }

    /** Returns the same request with other adapters. */
    public GenerationRequest withAdapters(List<WeightedAdapter> others) {
        return toBuilder().adapters(others).build();
    }

    /** Returns the same request with other control networks. */
    public GenerationRequest withControls(List<ControlInput> others) {
        return toBuilder().controls(others).build();
    }

    /** Returns the same request with another IP-Adapter, or none. */
    public GenerationRequest withIpAdapter(@Nullable IpAdapterInput other) {
        return toBuilder().ipAdapter(other).build();
    }

    /** Returns the same request with the identities of its upscalers. */
    GenerationRequest withUpscalers(@Nullable HiresPass pass, @Nullable UpscalerInput after) {
        return toBuilder().hires(pass).upscaler(after).build();
    }

    /** Returns the same request with other changes of features. */
    public GenerationRequest withFeatures(List<FeatureChange> others) {
        return toBuilder().features(others).build();
    }
}
