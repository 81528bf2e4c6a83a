package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.store.VoteRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Position of a rater in the trials.
 *
 * @param position the trial to answer next
 * @param revision number of earlier rows of this trial
 * @param last the row that undoing would take back; null when there is none, or it was just taken
 *     back
 */
record Progress(int position, int revision, @Nullable VoteRow last) {
    /** Computes the progress from the rater's rows, in the order in which they were committed. */
    static Progress of(List<VoteRow> rows) {
        Map<Integer, VoteRow> newest = new HashMap<>();
        for (VoteRow row : rows) {
            newest.merge(row.position(), row, (a, b) -> a.revision() > b.revision() ? a : b);
        }
        int position = 0;
        while (answered(newest.get(position))) {
            position++;
        }
        VoteRow open = newest.get(position);
        VoteRow last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
        return new Progress(
                position,
                open == null ? 0 : open.revision() + 1,
                last != null && answered(last) && last.equals(newest.get(last.position()))
                        ? last
                        : null);
    }

    private static boolean answered(@Nullable VoteRow row) {
        return row != null && row.choice() != VoteRow.UNDONE;
    }

    /** Returns the progress after the commit of {@code row}. */
    static Progress after(VoteRow row) {
        return new Progress(row.position() + 1, 0, row);
    }
}
