package dev.stanstudio.web.picture;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps deleted pictures for seven days, during which they can be restored. Thread-safe. */
final class Bin {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final long HOURS_A_DAY = 24;

    private final PictureTable table;
    private final PictureFiles files;
    private final Clock clock;

    Bin(PictureTable table, PictureFiles files, Clock clock) {
        this.table = table;
        this.files = files;
        this.clock = clock;
    }

    /** Forgets pictures whose time is over. */
    void sweep() {
        forget(table.deletedBefore(clock.instant().minus(KEPT).toEpochMilli()));
    }

    /** Forgets every deleted picture now. */
    void empty() {
        forget(table.deletedBefore(Long.MAX_VALUE));
    }

    private void forget(List<String> ids) {
        for (String id : ids) {
            files.delete(id);
            table.forget(id);
        }
    }

    /** Returns the time that a deleted picture stays, in words; empty for any other. */
    String left(StoredPicture picture) {
        Instant deleted = picture.deletedAt();
        if (deleted == null) {
            return "";
        }
        long hours = Duration.between(clock.instant(), deleted.plus(KEPT)).toHours();
        if (hours < 1) {
            return "less than an hour";
        }
        return hours < HOURS_A_DAY
                ? counted(hours, "hour")
                : counted(Math.round((double) hours / HOURS_A_DAY), "day");
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
