package dev.stanstudio.web.study.stats;

/**
 * One rater's votes about a share.
 *
 * @param won votes for what the share is of
 * @param votes votes that could have been for it, above 0
 */
public record RaterVotes(double won, double votes) {
    /** Checks that there are votes. */
    public RaterVotes {
        if (!(votes > 0 && won >= 0 && won <= votes)) {
            throw new IllegalArgumentException(won + " of " + votes + " is no share");
        }
    }

    /** By how much the votes for outnumber the others. */
    double lead() {
        return 2 * won - votes;
    }
}
