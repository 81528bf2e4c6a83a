package dev.stanstudio.sd3.generate;

import dev.stanstudio.sd3.metadata.Setting;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ControlText;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.RequestBuilder;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that make up a request. What is not given comes from the picture named with --from,
 * else from the model.
 */
final class RequestOptions {
    @Mixin PromptOptions prompts = new PromptOptions();

    @Mixin ChoiceOptions choices = new ChoiceOptions();

    @Option(names = "--width", paramLabel = "PX", description = "Divisible by 16.")
    @Nullable Integer width;

    @Option(names = "--height", paramLabel = "PX", description = "Divisible by 16.")
    @Nullable Integer height;

    @Mixin SeedOptions seeds = new SeedOptions();

    @Mixin DenoisingOptions sampling = new DenoisingOptions();

    @Mixin TextEncoderOptions text = new TextEncoderOptions();

    @Mixin InitImageOptions image = new InitImageOptions();

    @Mixin SkipLayerOptions skipLayer = new SkipLayerOptions();

    @Option(
            names = "--latents",
            paramLabel = "FILE",
            description = "Initial noise: a safetensors file with the tensor 'latents'.")
    @Nullable String latents;

    @Option(
            names = "--adapter",
            paramLabel = "DIR[=WEIGHT][@blocks=BLOCKS]",
            description = "An adapter to apply (weight: 1); may be given several times.")
    @Nullable List<String> adapters;

    @Mixin BlockWeightOptions blocks = new BlockWeightOptions();

    @Option(
            names = "--feature",
            paramLabel = "LAYER:INDEX=OP[@FROM-TO]",
            description =
                    "Steer features of a STAN in the layers of that name: x2 scales, 0 switches"
                            + " off, <=2 clamps, +2 adds; INDEX may be a range or *; in the steps"
                            + " FROM to TO, counted from 1. May be given several times.")
    @Nullable List<String> features;

    @Option(
            names = "--control",
            paramLabel = "MODEL=[PREPROCESSOR:]PICTURE[+MASK][@SCALE][:START-END]",
            description =
                    "A ControlNet with its picture, such as CN=canny:room.png@0.7:0-0.6; the"
                            + " preprocessors are canny(LOW,HIGH), blur(RADIUS), tile(FACTOR),"
                            + " edges and none; START and END are shares of the steps. May be"
                            + " given several times.")
    @Nullable List<String> controls;

    @Mixin IpAdapterOptions pictures = new IpAdapterOptions();

    @Mixin HiresOptions large = new HiresOptions();

    @Option(names = "--vae-tiling", description = "Decode large pictures in tiles.")
    @Nullable Boolean vaeTiling;

    /** The request: options over {@code base} over the model's defaults. */
    GenerationRequest request(@Nullable GenerationRequest base, ModelDefaults defaults) {
        GenerationRequest from =
                base != null ? base : GenerationRequest.of(prompts.required(), 0, defaults);
        RequestBuilder request = from.toBuilder();
        List<WeightedAdapter> uses =
                adapters == null
                        ? from.adapters()
                        : blocks.beside(adapters.stream().map(WeightedAdapter::parse).toList());
        request.adapters(blocks.over(uses));
        if (features != null) {
            request.features(features.stream().map(FeatureChange::parse).toList());
        }
        if (controls != null) {
            request.controls(controls.stream().map(RequestOptions::control).toList());
        }
        return request.prompt(prompts.prompts(from.prompt()))
                .negative(prompts.negatives(from.negative()))
                .text(text.over(from.text()))
                .size(
                        Objects.requireNonNullElse(width, from.width()),
                        Objects.requireNonNullElse(height, from.height()))
                .seeds(seeds.over(base == null ? null : base.seeds()))
                .sampling(sampling.over(from.sampling()))
                .skipLayer(skipLayer.over(from.skipLayer()))
                .image(image.over(from.image()))
                .ipAdapter(pictures.over(from.ipAdapter()))
                .hires(large.over(from.hires()))
                .upscaler(large.over(from.upscaler()))
                .latentsFile(latents == null ? from.latentsFile() : latents)
                .vaeTiling(Objects.requireNonNullElse(vaeTiling, from.vaeTiling()))
                .build();
    }

    private static ControlInput control(String text) {
        ControlInput input = ControlText.parse(text);
        return input.by(ControlFinder.ofUser().find(input.path()).toString());
    }

    /** The settings of a picture that options replace. */
    Set<Setting> replaced() {
        Set<Setting> replaced = EnumSet.noneOf(Setting.class);
        for (Setting setting : Setting.values()) {
            if (given(setting)) {
                replaced.add(setting);
            }
        }
        return replaced;
    }

    private boolean given(Setting setting) {
        return switch (setting) {
            case PROMPT -> prompts.prompt != null;
            case NEGATIVE -> prompts.negativePrompt != null;
            case SEED -> seeds.seed != null || seeds.count != null;
            case STEPS -> sampling.steps != null || sampling.sigmas != null;
            case GUIDANCE -> sampling.guidance != null;
            case WIDTH -> width != null;
            case HEIGHT -> height != null;
            case SAMPLER -> sampling.sampler != null;
            case SCHEDULE -> sampling.sigmaSchedule != null;
            case SYNTAX -> text.syntax != null;
        };
    }

    /** The option that replaces a setting. */
    static String option(Setting setting) {
        return switch (setting) {
            case PROMPT -> "--prompt";
            case NEGATIVE -> "--negative-prompt";
            case SEED -> "--seed";
            case STEPS -> "--steps";
            case GUIDANCE -> "--guidance";
            case WIDTH -> "--width";
            case HEIGHT -> "--height";
            case SAMPLER -> "--sampler";
            case SCHEDULE -> "--sigma-schedule";
            case SYNTAX -> "--prompt-syntax";
        };
    }

    /** Checks what can be checked before a model is loaded. */
    void checkEarly(boolean hasBase) {
        if (!hasBase) {
            prompts.required();
        }
        seeds.over(null);
        blocks.check();
        if (features != null) {
            features.forEach(FeatureChange::parse);
        }
        if (controls != null) {
            controls.forEach(ControlText::parse);
        }
        pictures.check(hasBase);
        large.check();
        image.check(hasBase);
        choices.check(latents != null);
    }
}
