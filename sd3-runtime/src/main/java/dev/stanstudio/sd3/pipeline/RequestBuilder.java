package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.sd3.model.ModelDefaults;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link GenerationRequest} by the names of its components. Nothing is checked before
 * {@link #build()}. For one thread.
 */
public final class RequestBuilder {
    private PromptTexts prompt;
    private PromptTexts negative;
    private TextOptions text;
    private int width;
    private int height;
    private List<Long> seeds;
    private SamplingOptions sampling;
    private @Nullable SkipLayerGuidance skipLayer;
    private @Nullable ImageInput image;
    private @Nullable String latentsFile;
    private boolean vaeTiling;
    private List<WeightedAdapter> adapters;
    private List<FeatureChange> features;
    private List<ControlInput> controls;
    private @Nullable IpAdapterInput ipAdapter;
    private @Nullable HiresPass hires;
    private @Nullable UpscalerInput upscaler;

    RequestBuilder(ModelDefaults defaults) {
        prompt = PromptTexts.of("");
        negative = PromptTexts.of("");
        text = new TextOptions(0, true, defaults.maxSequenceLength());
        width = defaults.width();
        height = defaults.height();
        seeds = List.of(0L);
        sampling = SamplingOptions.of(defaults);
        adapters = List.of();
        features = List.of();
        controls = List.of();
    }

    RequestBuilder(GenerationRequest base) {
        prompt = base.prompt();
        negative = base.negative();
        text = base.text();
        width = base.width();
        height = base.height();
        seeds = base.seeds();
        sampling = base.sampling();
        skipLayer = base.skipLayer();
        image = base.image();
        latentsFile = base.latentsFile();
        vaeTiling = base.vaeTiling();
        adapters = base.adapters();
        features = base.features();
        controls = base.controls();
        ipAdapter = base.ipAdapter();
        hires = base.hires();
        upscaler = base.upscaler();
    }

    /** Sets the texts of the wanted picture. */
    public RequestBuilder prompt(PromptTexts value) {
        prompt = value;
        return this;
    }

    /** Sets the texts that guidance leads away from. */
    public RequestBuilder negative(PromptTexts value) {
        negative = value;
        return this;
    }

    /** Sets the options for reading the prompts. */
    public RequestBuilder text(TextOptions value) {
        text = value;
        return this;
    }

    /** Sets the size in pixels; both sides must be divisible by 16. */
    public RequestBuilder size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        return this;
    }

    /** Sets the seeds, one per picture. */
    public RequestBuilder seeds(List<Long> value) {
        seeds = value;
        return this;
    }

    /** Sets steps, sampler and sigmas. */
    public RequestBuilder sampling(SamplingOptions value) {
        sampling = value;
        return this;
    }

    /** Sets skip-layer guidance; null is none. */
    public RequestBuilder skipLayer(@Nullable SkipLayerGuidance value) {
        skipLayer = value;
        return this;
    }

    /** Sets the initial picture; null is none. */
    public RequestBuilder image(@Nullable ImageInput value) {
        image = value;
        return this;
    }

    /** Sets the file of initial noise; null draws it. */
    public RequestBuilder latentsFile(@Nullable String value) {
        latentsFile = value;
        return this;
    }

    /** Sets whether large pictures are decoded in overlapping tiles. */
    public RequestBuilder vaeTiling(boolean value) {
        vaeTiling = value;
        return this;
    }

    /** Sets the adapters of the transformer. */
    public RequestBuilder adapters(List<WeightedAdapter> value) {
        adapters = value;
        return this;
    }

    /** Sets the changes of features of STANs among the adapters. */
    public RequestBuilder features(List<FeatureChange> value) {
        features = value;
        return this;
    }

    /** Sets the control networks. */
    public RequestBuilder controls(List<ControlInput> value) {
        controls = value;
        return this;
    }

    /** Sets the IP-Adapter; null is none. */
    public RequestBuilder ipAdapter(@Nullable IpAdapterInput value) {
        ipAdapter = value;
        return this;
    }

    /** Sets the second pass at a larger size; null is none. */
    public RequestBuilder hires(@Nullable HiresPass value) {
        hires = value;
        return this;
    }

    /** Sets the network that enlarges the finished picture; null is none. */
    public RequestBuilder upscaler(@Nullable UpscalerInput value) {
        upscaler = value;
        return this;
    }

    /**
     * Returns the request.
     *
     * @throws dev.stanstudio.base.ArgumentException if its numbers cannot work
     */
    public GenerationRequest build() {
        return new GenerationRequest(
                prompt,
                negative,
                text,
                width,
                height,
                seeds,
                sampling,
                skipLayer,
                image,
                latentsFile,
                vaeTiling,
                adapters,
                features,
                controls,
                ipAdapter,
                hires,
                upscaler);
    }
}
