package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.metadata.Setting;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.RequestBuilder;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Seed;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that make up a request. What is not given comes from the picture named with --from,
 * else from the model.
 */
final class RequestOptions {
    private static final double SKIP_SCALE = 2.8;
    private static final double SKIP_START = 0.01;
    private static final double SKIP_STOP = 0.2;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What to paint.")
    @Nullable String prompt;

    @Option(
            names = "--prompt-2",
            paramLabel = "TEXT",
            description = "Another text for CLIP-G (default: --prompt).")
    @Nullable String prompt2;

    @Option(
            names = "--prompt-3",
            paramLabel = "TEXT",
            description = "Another text for T5 (default: --prompt).")
    @Nullable String prompt3;

    @Option(
            names = "--negative-prompt",
            paramLabel = "TEXT",
            description = "What to keep away from.")
    @Nullable String negativePrompt;

    @Option(
            names = "--negative-prompt-2",
            paramLabel = "TEXT",
            description = "Another negative text for CLIP-G.")
    @Nullable String negativePrompt2;

    @Option(
            names = "--negative-prompt-3",
            paramLabel = "TEXT",
            description = "Another negative text for T5.")
    @Nullable String negativePrompt3;

    @Option(
            names = "--style",
            paramLabel = "STYLE",
            description = "Adds ', in the style of STYLE' to the prompts.")
    @Nullable String style;

    @Option(names = "--width", paramLabel = "PX", description = "Divisible by 16.")
    @Nullable Integer width;

    @Option(names = "--height", paramLabel = "PX", description = "Divisible by 16.")
    @Nullable Integer height;

    @Option(names = "--count", paramLabel = "N", description = "How many pictures (default: 1).")
    @Nullable Integer count;

    @Option(
            names = "--seed",
            paramLabel = "N[,N…]",
            description = "One seed (picture i takes seed + i), or one per picture.")
    @Nullable String seed;

    @Option(names = "--steps", paramLabel = "N", description = "Denoising steps.")
    @Nullable Integer steps;

    @Option(
            names = "--guidance",
            paramLabel = "X",
            description = "Scale of classifier-free guidance; 1 switches it off.")
    @Nullable Double guidance;

    @Option(
            names = "--sampler",
            paramLabel = "NAME",
            converter = SamplerName.class,
            description = "${COMPLETION-CANDIDATES} (default: the model's).")
    @Nullable SamplerKind sampler;

    @Option(
            names = "--sigma-schedule",
            paramLabel = "NAME",
            converter = SigmaScheduleName.class,
            description = "${COMPLETION-CANDIDATES} (default: the model's).")
    @Nullable SigmaSchedule sigmaSchedule;

    @Option(names = "--shift", paramLabel = "X", description = "Shift of the noise levels.")
    @Nullable Double shift;

    @Option(names = "--dynamic-shifting", description = "Let the shift follow the picture's size.")
    @Nullable Boolean dynamicShifting;

    @Option(names = "--mu", paramLabel = "X", description = "Strength of the dynamic shift.")
    @Nullable Double mu;

    @Option(
            names = "--sigmas",
            paramLabel = "A,B,…",
            description = "The noise levels themselves, falling, before the shift.")
    @Nullable String sigmas;

    @Option(
            names = "--clip-skip",
            paramLabel = "N",
            description = "CLIP layers to leave out before the last but one.")
    @Nullable Integer clipSkip;

    @Option(names = "--no-t5", description = "Do without T5.")
    boolean noT5;

    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "T5 tokens, at most 512.")
    @Nullable Integer maxSequenceLength;

    @Option(names = "--init-image", paramLabel = "FILE", description = "A picture to start from.")
    @Nullable String initImage;

    @Option(
            names = "--strength",
            paramLabel = "X",
            description = "How much of the initial picture changes, 0 … 1 (default: 0.6).")
    @Nullable Double strength;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "White where the initial picture is painted anew.")
    @Nullable String mask;

    @Option(
            names = "--skip-layers",
            paramLabel = "I,J…",
            description = "Blocks to leave out for skip-layer guidance.")
    @Nullable String skipLayers;

    @Option(names = "--slg-scale", paramLabel = "X", description = "Its strength (default: 2.8).")
    @Nullable Double slgScale;

    @Option(
            names = "--slg-start",
            paramLabel = "X",
            description = "Share of the steps before it begins (default: 0.01).")
    @Nullable Double slgStart;

    @Option(
            names = "--slg-stop",
            paramLabel = "X",
            description = "Share of the steps at which it ends (default: 0.2).")
    @Nullable Double slgStop;

    @Option(
            names = "--latents",
            paramLabel = "FILE",
            description = "Initial noise: a safetensors file with the tensor 'latents'.")
    @Nullable String latents;

    @Option(
            names = "--adapter",
            paramLabel = "DIR[=WEIGHT]",
            description = "An adapter to apply (weight: 1); may be given several times.")
    @Nullable List<String> adapters;

    @Option(
            names = "--feature",
            paramLabel = "LAYER:INDEX=OP[@FROM-TO]",
            description =
                    "Steer features of a STAN in the layers of that name: x2 scales, 0 switches"
                            + " off, <=2 clamps, +2 adds; INDEX may be a range or *; in the steps"
                            + " FROM to TO, counted from 1. May be given several times.")
    @Nullable List<String> features;

    @Option(names = "--vae-tiling", description = "Decode large pictures in tiles.")
    @Nullable Boolean vaeTiling;

    /** The request: options over {@code base} over the model's defaults. */
    GenerationRequest request(@Nullable GenerationRequest base, ModelDefaults defaults) {
        GenerationRequest from =
                base != null ? base : GenerationRequest.of(requirePrompt(), 0, defaults);
        RequestBuilder request = from.toBuilder();
        if (adapters != null) {
            request.adapters(adapters.stream().map(AdapterUse::parse).toList());
        }
        if (features != null) {
            request.features(features.stream().map(FeatureChange::parse).toList());
        }
        return request.prompt(prompts(from))
                .negative(negatives(from))
                .text(
                        new TextOptions(
                                or(clipSkip, from.text().clipSkip()),
                                !noT5 && from.text().useT5(),
                                or(maxSequenceLength, from.text().maxSequenceLength())))
                .size(or(width, from.width()), or(height, from.height()))
                .seeds(seeds(base))
                .sampling(sampling(from.sampling()))
                .skipLayer(skipLayer(from.skipLayer()))
                .image(image(from.image()))
                .latentsFile(latents == null ? from.latentsFile() : latents)
                .vaeTiling(or(vaeTiling, from.vaeTiling()))
                .build();
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
            case PROMPT -> prompt != null;
            case NEGATIVE -> negativePrompt != null;
            case SEED -> seed != null || count != null;
            case STEPS -> steps != null || sigmas != null;
            case GUIDANCE -> guidance != null;
            case WIDTH -> width != null;
            case HEIGHT -> height != null;
            case SAMPLER -> sampler != null;
            case SCHEDULE -> sigmaSchedule != null;
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
        };
    }

    /** Checks what can be checked before a model is loaded. */
    void checkEarly(boolean hasBase) {
        if (!hasBase) {
            requirePrompt();
        }
        seeds(null);
        if (features != null) {
            features.forEach(FeatureChange::parse);
        }
        if (mask != null && initImage == null && !hasBase) {
            throw new ArgumentException("--mask needs --init-image");
        }
        if (strength != null && initImage == null && !hasBase) {
            throw new ArgumentException("--strength needs --init-image");
        }
    }

    private static <T> T or(@Nullable T given, T fallback) {
        return given == null ? fallback : given;
    }

    private String requirePrompt() {
        if (prompt == null) {
            throw new ArgumentException("say what to paint with --prompt");
        }
        return prompt;
    }

    private @Nullable String styled(@Nullable String text) {
        return text == null || style == null ? text : PromptTexts.inStyle(text, style);
    }

    private PromptTexts prompts(GenerationRequest from) {
        PromptTexts old = from.prompt();
        String text = String.valueOf(styled(or(prompt, old.text())));
        return new PromptTexts(
                text,
                styled(prompt2 == null ? old.second() : prompt2),
                styled(prompt3 == null ? old.third() : prompt3));
    }

    private PromptTexts negatives(GenerationRequest from) {
        PromptTexts old = from.negative();
        return new PromptTexts(
                or(negativePrompt, old.text()),
                negativePrompt2 == null ? old.second() : negativePrompt2,
                negativePrompt3 == null ? old.third() : negativePrompt3);
    }

    private List<Long> seeds(@Nullable GenerationRequest base) {
        if (count != null && count < 1) {
            throw new ArgumentException("--count must be at least 1, not " + count);
        }
        if (seed == null && base != null && count == null) {
            return base.seeds();
        }
        if (seed == null) {
            return from(Seed.random(), or(count, 1));
        }
        List<Long> given = seedsGiven(seed);
        if (given.size() == 1) {
            return from(given.get(0), or(count, 1));
        }
        if (count != null && count != given.size()) {
            throw new ArgumentException(
                    "--seed names %d pictures, --count %d".formatted(given.size(), count));
        }
        return given;
    }

    private static List<Long> seedsGiven(String text) {
        try {
            return Arrays.stream(text.split(",", -1)).map(Seed::parse).toList();
        } catch (ArgumentException e) {
            throw new ArgumentException("--seed %s: %s".formatted(text, e.getMessage()), e);
        }
    }

    private static List<Long> from(long first, int count) {
        if (first > Long.MAX_VALUE - count + 1) {
            throw new ArgumentException(
                    "--seed %d with --count %d goes beyond %d"
                            .formatted(first, count, Long.MAX_VALUE));
        }
        return LongStream.iterate(first, seed -> seed + 1).limit(count).boxed().toList();
    }

    private SamplingOptions sampling(SamplingOptions from) {
        return new SamplingOptions(
                or(steps, from.steps()),
                or(guidance, from.guidance()),
                or(sampler, from.sampler()),
                sigmaSchedule == null ? from.sigmaSchedule() : sigmaSchedule,
                shift == null ? from.shift() : shift,
                dynamicShifting == null ? from.dynamicShifting() : dynamicShifting,
                mu == null ? from.mu() : mu,
                sigmas != null
                        ? Numbers.doubles("--sigmas", sigmas)
                        : steps != null ? null : from.sigmas());
    }

    private @Nullable SkipLayerGuidance skipLayer(@Nullable SkipLayerGuidance from) {
        if (skipLayers == null && from == null) {
            if (slgScale != null || slgStart != null || slgStop != null) {
                throw new ArgumentException("skip-layer guidance needs --skip-layers");
            }
            return null;
        }
        return new SkipLayerGuidance(
                skipLayers == null && from != null
                        ? from.layers()
                        : Numbers.integers("--skip-layers", String.valueOf(skipLayers)),
                or(slgScale, from == null ? SKIP_SCALE : from.scale()),
                or(slgStart, from == null ? SKIP_START : from.start()),
                or(slgStop, from == null ? SKIP_STOP : from.stop()));
    }

    private @Nullable ImageInput image(@Nullable ImageInput from) {
        if (initImage != null) {
            return ImageInput.of(initImage, mask, or(strength, ImageInput.DEFAULT_STRENGTH));
        }
        if (from == null) {
            return null;
        }
        return mask == null
                ? from.withStrength(or(strength, from.strength()))
                : ImageInput.of(from.path(), mask, or(strength, from.strength()))
                        .withFeather(from.feather());
    }
}
