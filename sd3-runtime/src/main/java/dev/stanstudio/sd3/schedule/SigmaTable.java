package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The noise levels and timesteps of one generation. Immutable.
 *
 * <p>Source: {@code set_timesteps} of diffusers scheduling_flow_match_euler_discrete.py,
 * scheduling_flow_match_heun_discrete.py and scheduling_dpmsolver_multistep.py, followed operation
 * by operation in the reference's float types. The stages, in order: spacing, shift (static or
 * dynamic), stretch to {@code shift_terminal}, re-spacing, inversion; a {@link SigmaSchedule} that
 * chooses from the model's levels replaces the first two. Where the reference has a stage for its
 * Euler class alone, it is applied here to every sampler; only inverted sigmas are Euler's own.
 */
public final class SigmaTable {
    /** In float32 the shift of sigma 1 may come out a few units in the last place above 1. */
    private static final double HIGHEST_SIGMA = 1 + 1e-5;

    private final SamplerKind samplerKind;
    private final int steps;
    private final float[] sigmas;
    private final float[] timesteps;

    private SigmaTable(SamplerKind samplerKind, int steps, float[] sigmas, float[] timesteps) {
        this.samplerKind = samplerKind;
        this.steps = steps;
        this.sigmas = sigmas;
        this.timesteps = timesteps;
    }

    /**
     * The table of a generation.
     *
     * @param mu strength of the dynamic shift: given by the user or {@link ScheduleConfig#mu};
     *     without dynamic shifting it has no effect
     * @throws ArgumentException if μ cannot be used, the sampler cannot run inverted sigmas, a
     *     single step is to end at {@code shift_terminal}, or the settings drive a sigma out of
     *     range
     */
    public static SigmaTable of(
            ScheduleConfig config, SamplerKind sampler, Spacing spacing, double mu) {
        if (config.invertSigmas() && sampler != SamplerKind.EULER) {
            throw new ArgumentException(
                    "sampler " + sampler.label() + " cannot run inverted sigmas; use euler");
        }
        DoubleUnaryOperator shift = shift(config, spacing.precision(), mu);
        double[] sigmas = placed(config, sampler, spacing, shift);
        stretch(sigmas, config, spacing.precision());
        sigmas = config.sigmaSchedule().respace(sigmas);
        checkRange(sigmas, config, mu);
        sigmas[0] = sampler.start(sigmas[0], shift);
        return config.invertSigmas()
                ? inverted(sigmas, config.trainTimesteps())
                : descending(sigmas, sampler, config.trainTimesteps());
    }

    /**
     * The first step of an image-to-image run: strength 1 starts at step 0, smaller strengths leave
     * out the noisiest steps. Source: {@code get_timesteps} of diffusers
     * pipeline_stable_diffusion_3_img2img.py.
     *
     * @param steps N, steps of the whole table
     * @param strength how much of the table to run, in (0, 1]
     * @return t0 in 0 … N−1; the run has N − t0 steps
     * @throws ArgumentException if the strength is out of range or leaves no step to run
     */
    public static int startStep(int steps, double strength) {
        if (!(strength >= 0 && strength <= 1)) {
            throw new ArgumentException("strength is " + strength + "; it must be from 0 to 1");
        }
        int start = (int) Math.max(steps - Math.min(steps * strength, steps), 0);
        if (steps - start < 1) {
            throw new ArgumentException(
                    ("strength %s of %s steps leaves no step to run; raise the strength or the"
                                    + " steps")
                            .formatted(strength, steps));
        }
        return start;
    }

    /** The shifted sigmas: the sampler's, the user's, or those that the schedule chooses. */
    private static double[] placed(
            ScheduleConfig config,
            SamplerKind sampler,
            Spacing spacing,
            DoubleUnaryOperator shift) {
        double[] chosen =
                config.sigmaSchedule()
                        .place(new ModelSigmas(config.trainTimesteps(), shift), spacing.count());
        if (chosen == null) {
            return Arrays.stream(spacing.unshifted(config, sampler)).map(shift).toArray();
        }
        if (spacing.given()) {
            throw new ArgumentException(
                    "the sigma schedule %s chooses the sigmas itself; leave out the list of sigmas"
                                    .formatted(config.sigmaSchedule().label())
                            + " or the schedule");
        }
        return chosen;
    }

    private static DoubleUnaryOperator shift(
            ScheduleConfig config, Precision precision, double mu) {
        if (!config.dynamicShifting()) {
            return sigma -> precision.shift(config.shift(), sigma);
        }
        double weight = config.timeShift().weight(mu);
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new ArgumentException(
                    "mu %s cannot be used for a dynamic shift of type %s"
                            .formatted(mu, config.timeShift().label()));
        }
        return sigma -> precision.odds(weight, sigma);
    }

    private static void stretch(double[] sigmas, ScheduleConfig config, Precision precision) {
        if (config.shiftTerminal() == 0) {
            return;
        }
        if (sigmas[sigmas.length - 1] == 1) {
            throw new ArgumentException(
                    "a table that ends at sigma 1 cannot be stretched to shift_terminal "
                            + config.shiftTerminal()
                            + "; use at least 2 steps");
        }
        precision.stretch(sigmas, config.shiftTerminal());
    }

    private static void checkRange(double[] sigmas, ScheduleConfig config, double mu) {
        for (double sigma : sigmas) {
            if (!((float) sigma > 0 && sigma <= HIGHEST_SIGMA)) {
                throw new ArgumentException(
                        ("the schedule reaches sigma %s, outside (0, 1]; check shift (%s), mu (%s)"
                                        + " and shift_terminal (%s)")
                                .formatted(sigma, config.shift(), mu, config.shiftTerminal()));
            }
        }
    }

    private static SigmaTable inverted(double[] descending, int trainTimesteps) {
        int n = descending.length;
        float[] sigmas = new float[n + 1];
        float[] timesteps = new float[n];
        for (int i = 0; i < n; i++) {
            sigmas[i] = 1 - (float) descending[i];
            timesteps[i] = sigmas[i] * trainTimesteps;
        }
        sigmas[n] = 1;
        return new SigmaTable(SamplerKind.EULER, n, sigmas, timesteps);
    }

    /** Every entry after the first stands {@code order} times; the final 0 stands once. */
    private static SigmaTable descending(
            double[] descending, SamplerKind sampler, int trainTimesteps) {
        int n = descending.length;
        int order = sampler.order();
        int calls = 1 + (n - 1) * order;
        float[] sigmas = new float[calls + 1];
        float[] timesteps = new float[calls];
        for (int call = 0; call < calls; call++) {
            double sigma = descending[(call + order - 1) / order];
            sigmas[call] = (float) sigma;
            timesteps[call] = sampler.timestep(sigma, trainTimesteps);
        }
        return new SigmaTable(sampler, n, sigmas, timesteps);
    }

    /**
     * A sampler over this table for one generation.
     *
     * @param firstStep 0, or for an image-to-image run {@link #startStep}; diffusers' begin index
     *     divided by the sampler's order
     * @param noise drawn from in the order of the steps, by stochastic samplers alone
     * @throws IndexOutOfBoundsException if {@code firstStep} is not a step of the table
     * @throws ArgumentException if the sampler divides by their distance and two neighbouring
     *     sigmas are equal
     */
    public <T> Sampler<T> sampler(int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
        Objects.checkIndex(firstStep, steps);
        return samplerKind.create(this, firstStep, math, noise);
    }

    /** The sampler this table was made for. */
    public SamplerKind samplerKind() {
        return samplerKind;
    }

    /** N, the number of denoising steps. */
    public int steps() {
        return steps;
    }

    /** Model calls of a run from step 0: N, or 2N−1 with Heun. */
    public int modelCalls() {
        return timesteps.length;
    }

    /** The noise level before model call {@code call} of a run from step 0; see {@link #sigmas}. */
    public float sigma(int call) {
        return sigmas[call];
    }

    /** The timestep of model call {@code call} of a run from step 0. */
    public float timestep(int call) {
        return timesteps[call];
    }

    /**
     * A copy of all noise levels: one per model call, and the final 0 (1 if inverted). With Heun
     * every level but the first and the final stands twice, as the reference holds them.
     */
    public float[] sigmas() {
        return sigmas.clone();
    }

    /** A copy of all timesteps, one per model call. */
    public float[] timesteps() {
        return timesteps.clone();
    }
}
