package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Signer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A moment by two clocks: the time of day, which may be set, and the monotonic ticks of one
 * process.
 *
 * @param time time of day
 * @param ticks duration since an arbitrary moment of the process
 * @param process the process of the ticks; empty if there are none
 */
record Moment(Instant time, Duration ticks, String process) {
    /** The longest viewing time; a longer one includes other activities. */
    static final Duration LONGEST = Duration.ofMinutes(30);

    private static final String PROCESS = Signer.randomText(6);

    static Moment now(Clock clock) {
        return new Moment(clock.instant(), Duration.ofNanos(System.nanoTime()), PROCESS);
    }

    /**
     * Returns the duration from this moment to {@code then}: by ticks within one process, else by
     * the time of day. It is unknown if that was set back, or if it exceeds {@link #LONGEST}.
     */
    Optional<Duration> until(Moment then) {
        boolean same = !process.isEmpty() && process.equals(then.process());
        Duration passed = same ? then.ticks().minus(ticks) : Duration.between(time, then.time());
        return passed.isNegative() || passed.compareTo(LONGEST) > 0
                ? Optional.empty()
                : Optional.of(passed);
    }
}
