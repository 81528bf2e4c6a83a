package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.store.VoteRow;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * A moment by two clocks: the time of day, which can be set, and the ticks of one process, which
 * only go on.
 *
 * @param millis since 1970
 * @param ticks milliseconds since some moment of the process
 * @param process whose ticks they are; empty when there are none
 */
record Moment(long millis, long ticks, String process) {
    /** Whoever takes longer was not looking at the pictures all the time. */
    static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(30);

    private static final String PROCESS = Signer.randomText(6);

    static Moment now(Clock clock) {
        return new Moment(
                clock.millis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), PROCESS);
    }

    /**
     * Milliseconds from here to {@code then}: by ticks within one process, else by the time of day.
     * {@link VoteRow#UNKNOWN_MILLIS} where that was set back, or when it is longer than {@link
     * #LONGEST_MILLIS}.
     */
    long until(Moment then) {
        boolean same = !process.isEmpty() && process.equals(then.process());
        long passed = same ? then.ticks() - ticks : then.millis() - millis;
        return passed < 0 || passed > LONGEST_MILLIS ? VoteRow.UNKNOWN_MILLIS : passed;
    }
}
