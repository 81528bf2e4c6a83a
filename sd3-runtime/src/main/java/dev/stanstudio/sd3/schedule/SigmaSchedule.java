package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hipparchus.distribution.continuous.BetaDistribution;

/**
 * A re-spacing of the sigmas between the first and the last of a shifted table. Source: diffusers
 * scheduling_flow_match_euler_discrete.py, {@code _convert_to_karras}, {@code
 * _convert_to_exponential} and {@code _convert_to_beta}.
 */
public enum SigmaSchedule implements Labelled {
    /** The shifted table as it is. */
    NONE {
        @Override
        double[] respace(double[] sigmas) {
            return sigmas;
        }
    },
    /** Even steps of σ^(1/7): Karras et al. 2022, equation 5 with ρ = 7. */
    KARRAS {
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
    EXPONENTIAL {
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
    BETA {
        @Override
        double[] respace(double[] sigmas) {
            double low = sigmas[sigmas.length - 1];
            double width = sigmas[0] - low;
            var beta = new BetaDistribution(BETA_SHAPE, BETA_SHAPE, QUANTILE_ACCURACY);
            return Arrays.stream(Ramp.linear(0, 1, sigmas.length))
                    .map(r -> low + beta.inverseCumulativeProbability(1 - r) * width)
                    .toArray();
        }
    };

    private static final double KARRAS_RHO = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final double QUANTILE_ACCURACY = 1e-15;

    /** Returns the new sigmas, as many as given, in float64 whatever the type of the old ones. */
    abstract double[] respace(double[] sigmas);

    /** Returns the name used on the command line and in requests. */
    @Override
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
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
