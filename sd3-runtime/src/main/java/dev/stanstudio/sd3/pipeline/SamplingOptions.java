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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps, sampler and sigmas of a request. Null components come from the model's schedule.
 *
 * @param steps denoising steps; ignored where sigmas are given
 * @param guidance scale of classifier-free guidance; at most 1 switches it off. A schedule among
 *     the variants takes its place
 * @param sampler the sampler
 * @param sigmaSchedule a re-spacing of the sigmas, or null
 * @param shift static shift, or null
 * @param dynamicShifting whether the shift follows the picture's size, or null
 * @param mu strength of the dynamic shift, or null to take it from the picture's size
 * @param sigmas the sigmas themselves, before the shift, or null
 * @param guidanceOptions variants of guidance, or null for plain guidance
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SamplingOptions(
        int steps,
        double guidance,
        SamplerKind sampler,
        @Nullable SigmaSchedule sigmaSchedule,
        @Nullable Double shift,
        @Nullable Boolean dynamicShifting,
        @Nullable Double mu,
        @Nullable List<Double> sigmas,
        @Nullable GuidanceOptions guidanceOptions) {
    private static final int MOST_STEPS = 10_000;

    /** Refuses numbers that cannot work. */
    public SamplingOptions {
        checkSteps(steps);
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
        if (GuidanceOptions.PLAIN.equals(guidanceOptions)) {
            guidanceOptions = null;
        }
        if (sigmas != null) {
            sigmas = Missing.copy(sigmas, "sigmas");
            Spacing.sigmas(sigmas);
        }
    }

    /** Refuses numbers of steps that cannot work. */
    static void checkSteps(int steps) {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new ArgumentException(
                    "steps must be 1 … %d, not %d".formatted(MOST_STEPS, steps));
        }
    }

    /** Returns Euler with the model's own schedule. */
    public static SamplingOptions of(int steps, double guidance) {
        return of(steps, guidance, SamplerKind.EULER);
    }

    /** Returns a model's default options. */
    public static SamplingOptions of(ModelDefaults defaults) {
        return of(defaults.steps(), defaults.guidance(), defaults.sampler());
    }

    /** Returns a sampler with the model's own schedule. */
    public static SamplingOptions of(int steps, double guidance, SamplerKind sampler) {
        return new SamplingOptions(steps, guidance, sampler, null, null, null, null, null, null);
    }

    /** Returns these options with other steps, which replace sigmas of their own. */
    public SamplingOptions withSteps(int steps) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                null,
                guidanceOptions);
    }

    /** Returns these options with another scale of guidance. */
    public SamplingOptions withGuidance(double guidance) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with another sampler. */
    public SamplingOptions withSampler(SamplerKind sampler) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with another re-spacing; null is the model's. */
    public SamplingOptions withSigmaSchedule(@Nullable SigmaSchedule sigmaSchedule) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with another static shift; null is the model's. */
    public SamplingOptions withShift(@Nullable Double shift) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with dynamic shifting on or off; null is the model's. */
    public SamplingOptions withDynamicShifting(@Nullable Boolean dynamicShifting) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with another strength of the dynamic shift; null is the model's. */
    public SamplingOptions withMu(@Nullable Double mu) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with sigmas of their own; null is the model's. */
    public SamplingOptions withSigmas(@Nullable List<Double> sigmas) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns these options with other variants of guidance; null is plain guidance. */
    public SamplingOptions withGuidanceOptions(@Nullable GuidanceOptions guidanceOptions) {
        return new SamplingOptions(
                steps,
                guidance,
                sampler,
                sigmaSchedule,
                shift,
                dynamicShifting,
                mu,
                sigmas,
                guidanceOptions);
    }

    /** Returns the variants of guidance. */
    public GuidanceOptions guiding() {
        return Objects.requireNonNullElse(guidanceOptions, GuidanceOptions.PLAIN);
    }

    /** Returns whether a second, negative prediction is made in some step. */
    public boolean guided() {
        GuidanceSchedule schedule = guiding().schedule();
        return schedule == null ? guidance > 1 : schedule.most() > 1;
    }

    /** Returns the sigma table for a picture of {@code imageTokens} tokens. */
    public SigmaTable table(ScheduleConfig base, int imageTokens) {
        ScheduleConfig config = base;
        if (shift != null) {
            config = config.withShift(shift);
        }
        if (dynamicShifting != null) {
            config = config.withDynamicShifting(dynamicShifting);
        }
        if (sigmaSchedule != null) {
            config = config.withSigmaSchedule(sigmaSchedule);
        }
        Spacing spacing = sigmas == null ? Spacing.steps(steps) : Spacing.sigmas(sigmas);
        double strength = mu == null ? config.mu(imageTokens) : mu;
        return SigmaTable.of(config, sampler, spacing, strength);
    }
}
