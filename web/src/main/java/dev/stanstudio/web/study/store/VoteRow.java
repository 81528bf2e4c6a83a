package dev.stanstudio.web.study.store;

/**
 * A row of the votes, as it was appended.
 *
 * @param slot which of the plan's raters
 * @param position which of the rater's trials, from 0
 * @param revision how many rows of this position went before
 * @param choice the slot that was chosen, from 1; {@link #TIE} or {@link #UNDONE}
 * @param millis from showing to answering; {@link #UNKNOWN_MILLIS} when it cannot be told
 * @param at milliseconds since 1970
 * @param origin where the rater came from
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
    /** No difference. */
    public static final int TIE = 0;

    /** The vote before was taken back. */
    public static final int UNDONE = -1;

    /** The viewing time is not known, since the clock was set or the trial lay open for long. */
    public static final long UNKNOWN_MILLIS = -1;

    /**
     * Number of rows that a trial may have: answers that are taken back again and again end there.
     */
    public static final int MAX_REVISIONS = 20;

    /** A row of a rater of unknown origin. */
    public VoteRow(
            long seq, int slot, int position, int revision, int choice, long millis, long at) {
        this(seq, slot, position, revision, choice, millis, at, Origin.UNKNOWN);
    }
}
