package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.BetaDistribution;
import org.jspecify.annotations.Nullable;

/**
 * The rules that place the sigmas of a table other than by the sampler's own. Some re-space those
 * between the first and the last of the sampler's shifted table; source: diffusers
 * scheduling_flow_match_euler_discrete.py, {@code _convert_to_karras}, {@code
 * _convert_to_exponential} and {@code _convert_to_beta}. The others choose them from the model's
 * levels; source: ComfyUI's comfy/samplers.py.
 */
public enum SigmaSchedule implements Labelled {
    /** The shifted table as it is. */
    NONE("None"),
    /** Even steps of σ^(1/7): Karras et al. 2022, equation 5 with ρ = 7. */
    KARRAS("Karras") {
        @Override
        double[] respace(double[] sigmas) {
            double high = StrictMath.pow(sigmas[0], 1 / KARRAS_RHO);
            double low = StrictMath.pow(sigmas[sigmas.length - 1], 1 / KARRAS_RHO);
            double[] ramp = Ramp.linear(0, 1, sigmas.length);
            return Arrays.stream(ramp)
                    .map(r -> StrictMath.pow(high + r * (low - high), KARRAS_RHO))
                    .toArray();
        }
    },
    /** Even steps of log σ. */
    EXPONENTIAL("Exponential") {
        @Override
        double[] respace(double[] sigmas) {
            double high = StrictMath.log(sigmas[0]);
            double low = StrictMath.log(sigmas[sigmas.length - 1]);
            return Arrays.stream(Ramp.linear(high, low, sigmas.length))
                    .map(StrictMath::exp)
                    .toArray();
        }
    },
    /** Quantiles of Beta(0.6, 0.6), dense at both ends: Lee et al. 2024 (arXiv 2407.12173). */
    BETA("Beta") {
        @Override
        double[] respace(double[] sigmas) {
            double low = sigmas[sigmas.length - 1];
            double width = sigmas[0] - low;
            var beta = new BetaDistribution(BETA_SHAPE, BETA_SHAPE, QUANTILE_ACCURACY);
            return Arrays.stream(Ramp.linear(0, 1, sigmas.length))
                    .map(r -> low + beta.inverseCumulativeProbability(1 - r) * width)
                    .toArray();
        }
    },
    /** Every (timesteps/steps)-th level of the model, from the highest. */
    SIMPLE("Simple") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            double stride = (double) model.timesteps() / steps;
            return IntStream.range(0, steps)
                    .mapToDouble(i -> model.at(model.timesteps() - (int) (i * stride)))
                    .toArray();
        }
    },
    /**
     * Even timesteps from the highest level to the lowest, which the shift moves a second time: the
     * spacing that Euler and Heun have in diffusers.
     */
    NORMAL("Normal") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            return model.even(steps, true);
        }
    },
    /** As {@link #NORMAL} with one step more, without its last. */
    SGM_UNIFORM("SGM Uniform") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            return model.even(steps, false);
        }
    },
    /**
     * Every (timesteps/steps)-th level, the stride cut to a whole number, counted from the second
     * lowest: it starts below the highest level and has more steps than asked for where the stride
     * leaves a rest.
     */
    DDIM_UNIFORM("DDIM") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            int stride = Math.max(model.timesteps() / steps, 1);
            int count = (Math.max(model.timesteps() - 1, 1) + stride - 1) / stride;
            int second = Math.min(2, model.timesteps());
            return IntStream.range(0, count)
                    .mapToDouble(i -> model.at(second + (count - 1.0 - i) * stride))
                    .toArray();
        }
    },
    /**
     * 1−σ rises to 0.025 in a straight line over half the steps, then to 1 in a parabola; made for
     * Mochi. No shift moves it.
     */
    LINEAR_QUADRATIC("Linear Quadratic") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            if (steps == 1) {
                return new double[] {model.highest()};
            }
            int line = steps / 2;
            int rest = steps - line;
            double slope = LINE_END / line;
            double bend = (line - LINE_END * steps) / ((double) line * rest * rest);
            return IntStream.range(0, steps)
                    .mapToDouble(i -> slope * i + bend * Math.pow(Math.max(i - line, 0), 2))
                    .map(rise -> (1 - rise) * model.highest())
                    .toArray();
        }
    },
    /** Even steps of arctan σ between the model's highest and lowest level. */
    KL_OPTIMAL("KL Optimal") {
        @Override
        double[] place(ModelSigmas model, int steps) {
            double high = StrictMath.atan(model.highest());
            double low = StrictMath.atan(model.lowest());
            return Arrays.stream(Ramp.linear(high, low, steps)).map(StrictMath::tan).toArray();
        }
    };

    private static final double KARRAS_RHO = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final double QUANTILE_ACCURACY = 1e-15;
    private static final double LINE_END = 0.025;

    private final String a1111Name;

    SigmaSchedule(String a1111Name) {
        this.a1111Name = a1111Name;
    }

    /**
     * Returns the sigmas that this rule chooses from a model's levels, descending, without the
     * final 0; null if it does not choose but re-spaces the sampler's own.
     */
    double @Nullable [] place(ModelSigmas model, int steps) {
        return null;
    }

    /** Returns the new sigmas, as many as given, in float64 whatever the type of the old ones. */
    double[] respace(double[] sigmas) {
        return sigmas;
    }

    /** Returns the name used on the command line and in requests. */
    @Override
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the name that A1111's web UI and its kin give to the schedule. */
    public String a1111Name() {
        return a1111Name;
    }

    @Override
    public String toString() {
        return label();
    }

    /**
     * Returns the schedule of that name.
     *
     * @throws ArgumentException if there is none; the message lists the names
     */
    @JsonCreator
    public static SigmaSchedule of(String label) {
        return Labelled.of(values(), "sigma schedule", label);
    }

    /** Returns the schedules that change a model's own sigmas: all but {@link #NONE}. */
    public static List<SigmaSchedule> respacing() {
        return Arrays.stream(values()).filter(schedule -> schedule != NONE).toList();
    }
}
