package dev.stanstudio.web.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A phase of a job's run, which may be left and taken up again.
 *
 * @param name as its command calls it
 * @param done the finished units, which never become fewer
 * @param total all units; 0 while they are unknown
 * @param from the units that were finished when the first were counted
 * @param since when they were, in milliseconds since 1970
 * @param current whether the command is in it
 */
public record JobPhase(
        String name, long done, long total, long from, long since, boolean current) {
    /** Returns a phase of which nothing is counted yet. */
    static JobPhase begun(String name) {
        return new JobPhase(name, 0, 0, 0, 0, false);
    }

    /** Returns this phase with {@code count} of {@code all} units done. */
    JobPhase counted(long count, long all, Instant now) {
        return total == 0
                ? new JobPhase(name, count, all, count, now.toEpochMilli(), current)
                : new JobPhase(name, Math.max(done, Math.min(count, all)), all, from, since,
                        current);
    }

    /** Returns this phase as the current one, or as another. */
    JobPhase marked(boolean now) {
        return new JobPhase(name, done, total, from, since, now);
    }

    /** Returns whether it is known how much there is to do. */
    public boolean hasTotal() {
        return total > 0;
    }

    /** Returns its name as the begin of a line. */
    public String title() {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** Returns the time until its end if it goes on as fast as it went; empty if that is unknown. */
    Optional<Duration> left(Instant now) {
        long millis = now.toEpochMilli() - since;
        if (done <= from || done >= total || millis <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                Duration.ofMillis(Math.round((double) millis * (total - done) / (done - from))));
    }
}
