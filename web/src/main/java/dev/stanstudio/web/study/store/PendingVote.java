package dev.stanstudio.web.study.store;

/**
 * A vote that is to be written to the database.
 *
 * @param rater the voter
 * @param position index of the rater's trial, from 0
 * @param revision number of earlier rows of this trial
 * @param choice the chosen slot, from 1; {@link VoteRow#TIE} or {@link VoteRow#UNDONE}
 * @param millis viewing time in milliseconds; {@link VoteRow#UNKNOWN_MILLIS} if it is not known
 * @param viewport size of the browser window; empty if it is not known
 * @param at milliseconds since 1970
 */
public record PendingVote(
        Rater rater,
        int position,
        int revision,
        int choice,
        long millis,
        String viewport,
        long at) {
    /** Returns the row that this vote becomes, before the database has numbered it. */
    public VoteRow row() {
        return new VoteRow(0, rater.slot(), position, revision, choice, millis, at);
    }
}
