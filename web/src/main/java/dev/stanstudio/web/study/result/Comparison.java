package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Fragility;
import dev.stanstudio.web.study.stats.Interval;

/**
 * Two methods and the votes between them, the leader first.
 *
 * @param ties answers of no difference
 * @param wilson of the leader's share of decisive votes, 95 %, taking votes for independent
 * @param clustered the same over raters and prompts, by the bootstrap
 * @param anytime a confidence sequence at the study's alpha, which holds however often one looks
 * @param p of the sign test, two-sided
 * @param adjusted p after Holm's correction over the rows of the same table
 */
public record Comparison(
        String leader,
        String other,
        long wins,
        long losses,
        long ties,
        Interval wilson,
        Interval clustered,
        Interval anytime,
        double p,
        double adjusted,
        Fragility fragility) {
    /** Decisive votes. */
    public long decisive() {
        return wins + losses;
    }

    /** The leader's share of them; NaN without any. */
    public double share() {
        return (double) wins / decisive();
    }

    /** Whether even the widest of the intervals leaves one half out. */
    public boolean decided() {
        return decisive() > 0 && !wilson.contains(0.5) && !clustered.contains(0.5);
    }

    Comparison withAdjusted(double value) {
        return new Comparison(
                leader, other, wins, losses, ties, wilson, clustered, anytime, p, value, fragility);
    }
}
