package dev.stanstudio.web.job;

import dev.stanstudio.web.home.JsonColumn;
import dev.stanstudio.web.home.WorkState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.core.mapper.reflect.ColumnName;

/**
 * A job as a row of its table holds it.
 *
 * @param commandsDone the number of its commands that have succeeded
 * @param progress the current command's
 * @param phases of its current or last run
 * @param hopeless whether its commands failed because their arguments cannot work
 * @param started its last begin; empty if it has not begun
 * @param finished its end; empty if it has not ended
 */
public record Job(
        String id,
        @Nested JobRequest request,
        WorkState state,
        int commandsDone,
        @Nested JobProgress progress,
        @JsonColumn List<JobPhase> phases,
        boolean hopeless,
        @ColumnName("changed_at") Instant changed,
        @ColumnName("started_at") Optional<Instant> started,
        @ColumnName("finished_at") Optional<Instant> finished) {
    /** The log of its commands, in its folder. */
    static final String OUTPUT = "job.log";

    /** Keeps a copy of the list. */
    public Job {
        phases = List.copyOf(phases);
    }

    /** Returns the file with the output of its commands. */
    public Path output() {
        return request.folder().resolve(OUTPUT);
    }

    /** Returns the path of its page. */
    public String address() {
        return "/jobs/" + id;
    }

    /** Returns whether letting it go on can succeed. */
    public boolean canGoOn() {
        return state.isCancelled() || (state.isFailed() && !hopeless);
    }

    /** Returns the time since its last begin, until its end or else until {@code now}. */
    public Duration duration(Instant now) {
        Duration duration =
                started.map(begin -> Duration.between(begin, finished.orElse(now)))
                        .orElse(Duration.ZERO);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
