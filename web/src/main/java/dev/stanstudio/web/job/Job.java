package dev.stanstudio.web.job;

import java.nio.file.Path;

/**
 * A job as the database knows it.
 *
 * @param commandsDone how many of its commands have ended well
 * @param done how far the current command is
 * @param total of how much; 0 while it has not said
 * @param said its last line
 * @param createdAt milliseconds since 1970, as all times
 * @param startedAt 0 if it has not begun
 * @param finishedAt 0 if it has not ended
 */
public record Job(
        String id,
        JobRequest order,
        JobState state,
        int commandsDone,
        long done,
        long total,
        String said,
        long createdAt,
        long changedAt,
        long startedAt,
        long finishedAt) {
    /** What its commands say, in its folder. */
    static final String OUTPUT = "job.log";

    private static final long MILLIS = 1000;

    /** The file with what its commands have said. */
    public Path output() {
        return order.folder().resolve(OUTPUT);
    }

    /** The page that watches it. */
    public String address() {
        return "/jobs/" + id;
    }

    /** Seconds it has been worked at since it was last begun. */
    public long seconds(long now) {
        return startedAt == 0
                ? 0
                : Math.max(0, (finishedAt == 0 ? now : finishedAt) - startedAt) / MILLIS;
    }
}
