package dev.stanstudio.web.study.store;

/**
 * A row of the votes, as it was appended.
 *
 * @param slot which of the plan's raters
 * @param position which of the rater's trials, from 0
 * @param revision how many rows of this position went before
 * @param choice the slot that was chosen, from 1; {@link #TIE} or {@link #UNDONE}
 * @param millis from showing to answering
 * @param at milliseconds since 1970
 */
public record VoteRow(
        long seq, int slot, int position, int revision, int choice, long millis, long at) {
    /** No difference. */
    public static final int TIE = 0;

    /** The vote before was taken back. */
    public static final int UNDONE = -1;
}
