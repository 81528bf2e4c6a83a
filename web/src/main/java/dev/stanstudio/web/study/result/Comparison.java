package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Fragility;
import dev.stanstudio.web.study.stats.Interval;

/**
 * Two methods and the votes between them, the leader first.
 *
 * @param ties answers of no difference
 * @param headline the share with its interval and p-value over raters
 * @param prompts interval of the share of decisive votes for further raters and further prompts, 95
 *     %
 * @param anytime what may be watched, at the study's alpha
 * @param wilson of the leader's share of decisive votes, 95 %, as if votes were independent
 * @param naiveP of the sign test, two-sided, as if votes were independent
 */
public record Comparison(
        String leader,
        String other,
        long wins,
        long losses,
        long ties,
        Headline headline,
        Interval prompts,
        Anytime anytime,
        Interval wilson,
        double naiveP,
        Fragility fragility) {
    /** Decisive votes. */
    public long decisive() {
        return wins + losses;
    }

    /** The leader's share of them; NaN without any. */
    public double share() {
        return (double) wins / decisive();
    }

    /** Returns whether there is a verdict. */
    public boolean decided() {
        return headline.decided();
    }

    Comparison with(Headline other, Fragility carried) {
        return new Comparison(
                leader,
                this.other,
                wins,
                losses,
                ties,
                other,
                prompts,
                anytime,
                wilson,
                naiveP,
                carried);
    }
}
