package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The samplers, each with the rule by which it places its steps. This list is the only one: the
 * command line, the web pages, the HTTP interface and the texts in pictures follow it.
 */
public enum SamplerKind implements Labelled {
    /** Euler's method, one model call per step. */
    EULER("euler", "Euler", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new EulerSampler<>(table, firstStep, math);
        }
    },
    /** Heun's method, two model calls per step and one for the last. */
    HEUN("heun", "Heun", 2) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new HeunSampler<>(table, firstStep, math);
        }
    },
    /**
     * DPM-Solver++(2M), one model call per step. Its sigmas start just below 1 and, as in the
     * reference, its timesteps are cut to whole numbers.
     */
    DPMPP_2M("dpmpp-2m", "DPM++ 2M", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromAlphas(config, steps);
        }

        @Override
        float timestep(double sigma, int trainTimesteps) {
            return (float) Math.floor(sigma * trainTimesteps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new Dpmpp2mSampler<>(table, firstStep, math);
        }
    },
    /**
     * UniPC of order 2 (bh2), one model call per step. Its sigmas start just below 1 and, as in the
     * reference, its timesteps are cut to whole numbers.
     */
    UNIPC("unipc", "UniPC", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return Arrays.copyOf(Ramp.linear(1, 1.0 / config.trainTimesteps(), steps + 1), steps);
        }

        @Override
        double start(double sigma, DoubleUnaryOperator shift) {
            return Math.abs(sigma - 1) < BELOW_ONE ? sigma - BELOW_ONE : sigma;
        }

        @Override
        float timestep(double sigma, int trainTimesteps) {
            return (float) Math.floor(sigma * trainTimesteps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new UnipcSampler<>(table, firstStep, math);
        }
    },
    /** The refined exponential solver with history, second order, one model call per step. */
    RES_MULTISTEP("res-multistep", "Res Multistep", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new ResMultistepSampler<>(table, firstStep, math);
        }
    },
    /** Euler's method with fresh noise in every step, one model call per step. */
    EULER_ANCESTRAL("euler-ancestral", "Euler a", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new EulerAncestralSampler<>(table, firstStep, math, noise);
        }
    },
    /** {@link #DPMPP_2M} with fresh noise in every step, over the same sigmas and timesteps. */
    DPMPP_2M_SDE("dpmpp-2m-sde", "DPM++ 2M SDE", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromAlphas(config, steps);
        }

        @Override
        float timestep(double sigma, int trainTimesteps) {
            return (float) Math.floor(sigma * trainTimesteps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new Dpmpp2mSdeSampler<>(table, firstStep, math, noise);
        }
    },
    /**
     * ER-SDE-Solver-3 with fresh noise in every step, one model call per step. It starts just below
     * σ = 1, where σ/(1−σ) is finite, at the level that ComfyUI takes.
     */
    ER_SDE("er-sde", "ER SDE", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        double start(double sigma, DoubleUnaryOperator shift) {
            return sigma >= 1 ? shift.applyAsDouble(1 - FIRST_SHARE) : sigma;
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new ErSdeSampler<>(table, firstStep, math, noise);
        }
    },
    /** Consistency sampling for distilled models: noise is added anew in every step. */
    LCM("lcm", "LCM", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(
                SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
            return new LcmSampler<>(table, firstStep, math, noise);
        }
    };

    /** UniPC's distance from σ = 1, where λ is infinite. */
    private static final double BELOW_ONE = 1e-6;

    /** ER-SDE's distance from the highest level, before the shift. */
    private static final double FIRST_SHARE = 1e-4;

    private final String label;
    private final String a1111Name;
    private final int order;

    SamplerKind(String label, String a1111Name, int order) {
        this.label = label;
        this.a1111Name = a1111Name;
        this.order = order;
    }

    /** Returns {@code steps} sigmas before the shift, descending, without the final 0. */
    abstract double[] unshifted(ScheduleConfig config, int steps);

    /** Returns a sampler at {@code firstStep} of a table that was made for this kind. */
    abstract <T> Sampler<T> create(
            SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise);

    /**
     * Returns the first sigma of a table in place of {@code sigma}, where the method needs so.
     *
     * @param shift of the table, from unshifted to shifted levels
     */
    double start(double sigma, DoubleUnaryOperator shift) {
        return sigma;
    }

    /** Returns the timestep the model gets at {@code sigma}, which comes unrounded. */
    float timestep(double sigma, int trainTimesteps) {
        return (float) sigma * trainTimesteps;
    }

    /** Returns the model calls per step, not counting that the last step of Heun needs only one. */
    int order() {
        return order;
    }

    /** Returns the name used on the command line, in requests and on pages. */
    @Override
    @JsonValue
    public String label() {
        return label;
    }

    /** Returns the name that A1111's web UI gives to the sampler. */
    public String a1111Name() {
        return a1111Name;
    }

    @Override
    public String toString() {
        return label;
    }

    /**
     * Returns the sampler of that name.
     *
     * @throws ArgumentException if there is none; the message lists the names
     */
    @JsonCreator
    public static SamplerKind of(String label) {
        return Labelled.of(values(), "sampler", label);
    }

    /** Returns even steps between both ends of the training table, which are shifted already. */
    private static double[] fromTrainingTable(ScheduleConfig config, int steps) {
        TrainingTable table = TrainingTable.of(config);
        double n = table.size();
        double[] timesteps =
                Ramp.linear(table.sigma(0) * n, table.sigma(table.size() - 1) * n, steps);
        return Arrays.stream(timesteps).map(t -> t / n).toArray();
    }

    /** Returns the sigmas 1 − α of even α from just above 0, without the last, which is 0. */
    private static double[] fromAlphas(ScheduleConfig config, int steps) {
        double[] alphas = Ramp.linear(1, 1.0 / config.trainTimesteps(), steps + 1);
        double[] sigmas = new double[steps];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = 1 - alphas[steps - i];
        }
        return sigmas;
    }
}
