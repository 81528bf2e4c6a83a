package dev.stanstudio.web.study.stats;

import java.util.List;

/**
 * A sequential test of whether a rater votes like the others (as the Chatbot Arena's): under
 * agreement, the share p of all votes at or beyond the rater's vote is uniform or larger, so the
 * product of 1 / (2p) is rarely large.
 */
public final class OutlierTest {
    /** Fewer votes say nothing. */
    public static final int MIN_VOTES = 5;

    /** Later votes are not looked at. */
    public static final int MAX_VOTES = 100;

    private static final double ALPHA = 0.05;

    private OutlierTest() {}

    /**
     * Whether the rater is out of line.
     *
     * @param shares for each of the rater's votes, the share of all votes on the same comparison
     *     that say the same or go further the same way; in (0, 1]
     */
    public static boolean flags(List<Double> shares) {
        if (shares.size() < MIN_VOTES) {
            return false;
        }
        double log = 0;
        for (double share : shares.subList(0, Math.min(shares.size(), MAX_VOTES))) {
            log -= Math.log(2 * share);
            if (log > -Math.log(ALPHA)) {
                return true;
            }
        }
        return false;
    }
}
