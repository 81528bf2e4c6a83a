package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import java.time.Duration;

/**
 * Says how long an answer may take.
 *
 * @param first the first of a program that was just started, which may load a model
 * @param next every other
 */
record CaptionTimes(Duration first, Duration next) {
    private static final int DAY = 86_400;

    /** Refuses what is not above 0 and at most a day. */
    CaptionTimes {
        if (!isAllowed(first) || !isAllowed(next)) {
            throw new ArgumentException(
                    "--start-timeout and --timeout must be 1 to %d seconds, not %d and %d"
                            .formatted(DAY, first.toSeconds(), next.toSeconds()));
        }
    }

    private static boolean isAllowed(Duration time) {
        return time.toSeconds() >= 1 && time.toSeconds() <= DAY;
    }
}
