package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.store.VoteRow;
import java.util.List;

/**
 * How far a rater is.
 *
 * @param position the trial to answer next
 * @param revision rows that this trial has already
 * @param last the row that undoing would take back; null when there is none, or it was just taken
 *     back
 */
record Progress(int position, int revision, @org.jspecify.annotations.Nullable VoteRow last) {
    /** From the rater's rows, in the order in which they were committed. */
    static Progress of(List<VoteRow> rows) {
        if (rows.isEmpty()) {
            return new Progress(0, 0, null);
        }
        VoteRow newest = rows.get(rows.size() - 1);
        if (newest.choice() == VoteRow.UNDONE) {
            return new Progress(newest.position(), newest.revision() + 1, null);
        }
        return after(newest);
    }

    /** Right after {@code row} was committed. */
    static Progress after(VoteRow row) {
        return new Progress(row.position() + 1, 0, row);
    }
}
