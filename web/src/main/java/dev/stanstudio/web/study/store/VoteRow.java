package dev.stanstudio.web.study.store;

/**
 * A row of the votes. Rows are only appended: taking an answer back adds a row.
 *
 * @param seq number of the row in the order in which rows were committed
 * @param slot index of the rater's row in the plan
 * @param position index of the rater's trial, from 0
 * @param revision number of earlier rows of this trial
 * @param choice the chosen slot, from 1; {@link #TIE} or {@link #UNDONE}
 * @param millis viewing time in milliseconds; {@link #UNKNOWN_MILLIS} if it is not known
 * @param at milliseconds since 1970
 * @param origin address, browser and arrival of the rater
 */
public record VoteRow(
        long seq,
        int slot,
        int position,
        int revision,
        int choice,
        long millis,
        long at,
        Origin origin) {
    /** The choice of "no difference". */
    public static final int TIE = 0;

    /** The choice of a row that takes the answer before it back. */
    public static final int UNDONE = -1;

    /** The viewing time of a trial during which the clock was set or which was open for long. */
    public static final long UNKNOWN_MILLIS = -1;

    /** The most rows that a trial may have, which bounds how often an answer is taken back. */
    public static final int MAX_REVISIONS = 20;

    /** Creates a row of a rater of unknown origin. */
    public VoteRow(
            long seq, int slot, int position, int revision, int choice, long millis, long at) {
        this(seq, slot, position, revision, choice, millis, at, Origin.UNKNOWN);
    }
}
