package dev.stanstudio.web.job;

import dev.stanstudio.web.home.WorkState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the database holds it.
 *
 * @param commandsDone the number of its commands that have succeeded
 * @param progress the current command's
 * @param started its last begin; empty if it has not begun
 * @param finished its end; empty if it has not ended
 */
public record Job(
        String id,
        JobRequest request,
        WorkState state,
        int commandsDone,
        JobProgress progress,
        Instant changed,
        Optional<Instant> started,
        Optional<Instant> finished) {
    /** The log of its commands, in its folder. */
    static final String OUTPUT = "job.log";

    /** Returns the file with the output of its commands. */
    public Path output() {
        return request.folder().resolve(OUTPUT);
    }

    /** Returns the path of its page. */
    public String address() {
        return "/jobs/" + id;
    }

    /** Returns the time since its last begin, until its end or else until {@code now}. */
    public Duration duration(Instant now) {
        Duration duration =
                started.map(begin -> Duration.between(begin, finished.orElse(now)))
                        .orElse(Duration.ZERO);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
