package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.Labelled;
import dev.stanstudio.base.UserException;
import java.util.Locale;

/**
 * Applies a dynamic shift of strength μ to a sigma ({@code time_shift_type}): σ' = w / (w + 1/σ −
 * 1) with a weight w made of μ. Source: diffusers scheduling_flow_match_euler_discrete.py.
 */
public enum TimeShift implements Labelled {
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

    /** Returns the name used in scheduler_config.json. */
    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the kind of that name.
     *
     * @throws UserException if there is none; the message lists the names
     */
    public static TimeShift of(String label) {
        return Labelled.find(values(), label)
                .orElseThrow(
                        () ->
                                new UserException(
                                        "time_shift_type is \"%s\"; use %s"
                                                .formatted(label, Labelled.choices(values()))));
    }
}
