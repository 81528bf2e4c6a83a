package dev.stanstudio.sd3.generate;

import dev.stanstudio.sd3.pipeline.GuidanceOptions;
import dev.stanstudio.sd3.pipeline.GuidanceSchedule;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the denoising steps: their number, sampler, guidance and sigmas. */
final class DenoisingOptions {
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
            names = "--guidance-variants",
            paramLabel = "TEXT",
            description =
                    "Variants of guidance, + between: schedule=linear:7-3, interval=0.2-0.8 (shares"
                        + " of the steps), rescale=0.7, cfg-zero, apg, pag=BLOCKS; plain is none.")
    @Nullable String variants;

    @Option(
            names = "--guidance-schedule",
            paramLabel = "TEXT",
            description =
                    "The scale of guidance in each step: linear:7-3 from the first step to the"
                            + " last, cosine:1-7, or list:7,5,3; plain is one for all.")
    @Nullable String schedule;

    /** Returns the options over {@code base}. */
    SamplingOptions over(SamplingOptions base) {
        return new SamplingOptions(
                Objects.requireNonNullElse(steps, base.steps()),
                Objects.requireNonNullElse(guidance, base.guidance()),
                Objects.requireNonNullElse(sampler, base.sampler()),
                sigmaSchedule == null ? base.sigmaSchedule() : sigmaSchedule,
                shift == null ? base.shift() : shift,
                dynamicShifting == null ? base.dynamicShifting() : dynamicShifting,
                mu == null ? base.mu() : mu,
                sigmas != null
                        ? Numbers.doubles("--sigmas", sigmas)
                        : steps != null ? null : base.sigmas(),
                guiding(base.guiding()));
    }

    private GuidanceOptions guiding(GuidanceOptions base) {
        GuidanceOptions options = variants == null ? base : GuidanceOptions.parse(variants);
        if (schedule == null) {
            return options;
        }
        boolean plain = GuidanceOptions.PLAIN.toString().equals(schedule.strip());
        return options.withSchedule(plain ? null : GuidanceSchedule.parse(schedule));
    }
}
