package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The samplers, each with the rule by which it places its steps. */
public enum SamplerKind {
    /** Euler's method, one model call per step. */
    EULER("euler", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(SigmaTable table, int firstStep, LatentMath<T> math) {
            return new EulerSampler<>(table, firstStep, math);
        }
    },
    /** Heun's method, two model calls per step and one for the last. */
    HEUN("heun", 2) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            return fromTrainingTable(config, steps);
        }

        @Override
        <T> Sampler<T> create(SigmaTable table, int firstStep, LatentMath<T> math) {
            return new HeunSampler<>(table, firstStep, math);
        }
    },
    /**
     * DPM-Solver++(2M), one model call per step. Its sigmas start just below 1 and, as in the
     * reference, its timesteps are cut to whole numbers.
     */
    DPMPP_2M("dpmpp-2m", 1) {
        @Override
        double[] unshifted(ScheduleConfig config, int steps) {
            double[] alphas = Ramp.linear(1, 1.0 / config.trainTimesteps(), steps + 1);
            double[] sigmas = new double[steps];
            for (int i = 0; i < steps; i++) {
                sigmas[i] = 1 - alphas[steps - i];
            }
            return sigmas;
        }

        @Override
        float timestep(double sigma, int trainTimesteps) {
            return (float) Math.floor(sigma * trainTimesteps);
        }

        @Override
        <T> Sampler<T> create(SigmaTable table, int firstStep, LatentMath<T> math) {
            return new Dpmpp2mSampler<>(table, firstStep, math);
        }
    };

    private final String label;
    private final int order;

    SamplerKind(String label, int order) {
        this.label = label;
        this.order = order;
    }

    /** {@code steps} sigmas before the shift, descending, without the final 0. */
    abstract double[] unshifted(ScheduleConfig config, int steps);

    /** A sampler at {@code firstStep} of a table that was made for this kind. */
    abstract <T> Sampler<T> create(SigmaTable table, int firstStep, LatentMath<T> math);

    /** The timestep the model gets at {@code sigma}, which comes unrounded. */
    float timestep(double sigma, int trainTimesteps) {
        return (float) sigma * trainTimesteps;
    }

    /** Model calls per step, not counting that the last step of Heun needs only one. */
    int order() {
        return order;
    }

    /** The name used on the command line. */
    public String label() {
        return label;
    }

    /**
     * The sampler of that name.
     *
     * @throws ArgumentException if there is none; the message lists the names
     */
    public static SamplerKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() -> unknown(label));
    }

    private static ArgumentException unknown(String label) {
        return new ArgumentException(
                "sampler \""
                        + label
                        + "\" is unknown; use one of "
                        + Arrays.stream(values())
                                .map(SamplerKind::label)
                                .collect(Collectors.joining(", ")));
    }

    /** Even steps between both ends of the training table, which are shifted already. */
    private static double[] fromTrainingTable(ScheduleConfig config, int steps) {
        TrainingTable table = TrainingTable.of(config);
        double n = table.size();
        double[] timesteps =
                Ramp.linear(table.sigma(0) * n, table.sigma(table.size() - 1) * n, steps);
        return Arrays.stream(timesteps).map(t -> t / n).toArray();
    }
}
