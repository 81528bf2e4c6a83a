package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import dev.stanstudio.sd3.schedule.SigmaTable;
import dev.stanstudio.sd3.schedule.Spacing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps, sampler and sigmas. What is null comes from the model's schedule.
 *
 * @param steps denoising steps; ignored where sigmas are given
 * @param guidance scale of classifier-free guidance; at most 1 switches it off
 * @param sampler name of the sampler
 * @param sigmaSchedule karras, exponential or beta, or null
 * @param shift static shift, or null
 * @param dynamicShifting whether the shift follows the picture's size, or null
 * @param mu strength of the dynamic shift, or null to take it from the picture's size
 * @param sigmas the sigmas themselves, before the shift, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SamplingOptions(
        int steps,
        double guidance,
        String sampler,
        @Nullable String sigmaSchedule,
        @Nullable Double shift,
        @Nullable Boolean dynamicShifting,
        @Nullable Double mu,
        @Nullable List<Double> sigmas) {
    private static final int MOST_STEPS = 10_000;

    /** Refuses numbers and names that cannot work. */
    public SamplingOptions {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new ArgumentException("steps must be 1 … " + MOST_STEPS + ", not " + steps);
        }
        if (!Double.isFinite(guidance)) {
            throw new ArgumentException("guidance must be a number, not " + guidance);
        }
        if (shift != null && !(shift > 0 && Double.isFinite(shift))) {
            throw new ArgumentException("shift must be above 0, not " + shift);
        }
        if (mu != null && !Double.isFinite(mu)) {
            throw new ArgumentException("mu must be a number, not " + mu);
        }
        Missing.refuse(sampler, "sampler");
        SamplerKind.of(sampler);
        if (sigmaSchedule != null) {
            SigmaSchedule.of(sigmaSchedule);
        }
        if (sigmas != null) {
            sigmas = Missing.copy(sigmas, "sigmas");
            Spacing.sigmas(sigmas);
        }
    }

    /** Euler with the model's own schedule. */
    public static SamplingOptions of(int steps, double guidance) {
        return new SamplingOptions(
                steps, guidance, SamplerKind.EULER.label(), null, null, null, null, null);
    }

    /** Returns the options that a model suggests. */
    public static SamplingOptions of(ModelDefaults defaults) {
        return of(defaults.steps(), defaults.guidance(), defaults.sampler());
    }

    /** A sampler with the model's own schedule. */
    public static SamplingOptions of(int steps, double guidance, SamplerKind sampler) {
        return new SamplingOptions(steps, guidance, sampler.label(), null, null, null, null, null);
    }

    /** Whether a second, negative prediction is made. */
    boolean guided() {
        return guidance > 1;
    }

    /** The sigma table for a picture of {@code imageTokens} tokens. */
    SigmaTable table(ScheduleConfig base, int imageTokens) {
        ScheduleConfig config = base;
        if (shift != null) {
            config = config.withShift(shift);
        }
        if (dynamicShifting != null) {
            config = config.withDynamicShifting(dynamicShifting);
        }
        if (sigmaSchedule != null) {
            config = config.withSigmaSchedule(SigmaSchedule.of(sigmaSchedule));
        }
        Spacing spacing = sigmas == null ? Spacing.steps(steps) : Spacing.sigmas(sigmas);
        double strength = mu == null ? config.mu(imageTokens) : mu;
        return SigmaTable.of(config, SamplerKind.of(sampler), spacing, strength);
    }
}
