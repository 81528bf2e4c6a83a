package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;

/**
 * l, the number of STAN's features, as such or as a multiple of the inputs (STAN paper, §4.3).
 *
 * @param features l, or 0 where the expansion decides
 * @param expansion l as a multiple of the inputs, or 0
 */
public record Width(int features, double expansion) {
    private static final int MOST = 1 << 20;

    /** Refuses both, neither, and numbers that cannot work. */
    public Width {
        boolean byCount = features >= 1 && features <= MOST && expansion == 0;
        boolean byFactor = features == 0 && expansion > 0 && expansion <= 1024;
        if (!byCount && !byFactor) {
            throw new ArgumentException(
                    "give either features 1 … %d or an expansion above 0 … 1024, not features %d and expansion %s"
                            .formatted(MOST, features, expansion));
        }
    }

    /** Returns l features. */
    public static Width of(int features) {
        return new Width(features, 0);
    }

    /** Returns {@code factor} times as many features as inputs. */
    public static Width expanded(double factor) {
        return new Width(0, factor);
    }

    /** Returns l for a module with {@code in} inputs, at least 1. */
    public int of(long in) {
        return features > 0 ? features : (int) Math.max(1, Math.round(expansion * in));
    }
}
