package dev.stanstudio.web.picture;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.home.WorkState;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.core.mapper.reflect.ColumnName;
import org.jspecify.annotations.Nullable;

/**
 * Describes a picture in the database, drawn or not.
 *
 * @param place index within its matrix
 * @param owner the visitor who asked for it
 * @param remark reason of a failure, or a note for the reader
 * @param deletedAt null while it is not deleted
 * @param note the visitors' own words
 * @param startedAt the epoch while it was not begun
 * @param finishedAt the epoch while it is not finished
 */
public record StoredPicture(
        String id,
        @ColumnName("matrix_id") String matrix,
        String owner,
        int place,
        @Nested Subject subject,
        String model,
        int width,
        int height,
        WorkState state,
        int stepsDone,
        int steps,
        String remark,
        boolean starred,
        @Nullable Instant deletedAt,
        String note,
        Instant createdAt,
        Instant changedAt,
        Instant startedAt,
        Instant finishedAt) {
    private static final double MILLIS = 1000;

    /** The time of what has not happened. */
    private static final Instant NEVER = Instant.EPOCH;

    /** Names the cell of its matrix. */
    public record Subject(String prompt, String style, String method, long seed) {
        /** Returns the method's name on pages. */
        public String shownMethod() {
            return MethodNames.shown(method);
        }
    }

    /** Returns whether it lies in the bin. */
    public boolean deleted() {
        return deletedAt != null;
    }

    /** Returns the seconds it took to draw; 0 when it is not drawn. */
    public double seconds() {
        return finishedAt.equals(NEVER) || startedAt.equals(NEVER)
                ? 0
                : Duration.between(startedAt, finishedAt).toMillis() / MILLIS;
    }

    /** Returns the description for screen readers. */
    public String spoken() {
        String style = subject.style().isEmpty() ? "" : ", " + subject.style();
        return subject.prompt() + style + ", " + subject.shownMethod() + ", seed " + subject.seed();
    }
}
