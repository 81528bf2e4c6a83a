package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.UserException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a dynamic shift of strength μ bends a sigma ({@code time_shift_type}): σ' = w / (w + 1/σ − 1)
 * with a weight w made of μ. Source: diffusers scheduling_flow_match_euler_discrete.py.
 */
public enum TimeShift {
    /** w = e^μ; the same curve as a static shift of e^μ. */
    EXPONENTIAL {
        @Override
        double weight(double mu) {
            return StrictMath.exp(mu);
        }
    },
    /** w = μ, which must be positive. */
    LINEAR {
        @Override
        double weight(double mu) {
            return mu;
        }
    };

    abstract double weight(double mu);

    /** The name used in scheduler_config.json. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of that name.
     *
     * @throws UserException if there is none; the message lists the names
     */
    public static TimeShift of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> unknown(label));
    }

    private static UserException unknown(String label) {
        return new UserException(
                "time_shift_type is \""
                        + label
                        + "\"; use one of "
                        + Arrays.stream(values())
                                .map(TimeShift::label)
                                .collect(Collectors.joining(", ")));
    }
}
