package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.StudioContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps deleted pictures for seven days, during which they can be restored, and pictures to start
 * from as long after their last use. Thread-safe.
 */
final class Bin {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final long HOURS_A_DAY = 24;

    private final PictureTable table;
    private final PictureFiles files;
    private final InputPictures inputs;
    private final Clock clock;

    Bin(PictureTable table, PictureFiles files, InputPictures inputs, Clock clock) {
        this.table = table;
        this.files = files;
        this.inputs = inputs;
        this.clock = clock;
    }

    /** Opens the bin of a studio. */
    static Bin of(StudioContext studio, PictureTable table, PictureFiles files) {
        InputPictures inputs = new InputPictures(studio.home(), studio.clock());
        return new Bin(table, files, inputs, studio.clock());
    }

    /** Forgets pictures whose time is over. */
    void sweep() {
        forget(clock.instant().minus(KEPT).toEpochMilli());
        sweepInputs();
    }

    /** Forgets every deleted picture now. */
    void empty() {
        forget(Long.MAX_VALUE);
        sweepInputs();
    }

    private void sweepInputs() {
        inputs.sweep(clock.instant().minus(KEPT), table::inputs);
    }

    /** Forgets the row before the file: a picture may be restored meanwhile, and keeps its file. */
    private void forget(long deletedBefore) {
        for (String id : table.deletedBefore(deletedBefore)) {
            if (table.forget(id, deletedBefore)) {
                files.delete(id);
            }
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
