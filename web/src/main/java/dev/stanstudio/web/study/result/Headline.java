package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Interval;

/**
 * The number that a verdict rests on. Its unit is the rater.
 *
 * @param basis what was computed
 * @param raters how many it rests on
 * @param share of the leader; NaN without votes
 * @param interval of the share; {@link Interval#NONE} with too few raters
 * @param p of the share being ½, two-sided
 * @param adjusted p after Holm's correction over the rows of the same table
 * @param level p at or below which a verdict is given
 * @param standing whether it may be a verdict at all
 */
public record Headline(
        Basis basis,
        int raters,
        double share,
        Interval interval,
        double p,
        double adjusted,
        double level,
        Standing standing) {
    /** The kinds of votes and tests that a headline is computed from. */
    public enum Basis {
        /** The share of decisive votes, with raters' signs flipped; for a fixed number of votes. */
        SIGN_FLIPS("share of decisive votes; unit: rater (sign flips)"),
        /** The mean of raters' mean scores, by the sequence; for a study that may end early. */
        SEQUENCE("mean of raters' mean scores; unit: rater (any-time valid)");

        private final String words;

        Basis(String words) {
            this.words = words;
        }

        /** Returns words for it and its unit. */
        public String words() {
            return words;
        }
    }

    /** The standings of a number as a verdict. */
    public enum Standing {
        /** The number may be a verdict. */
        VERDICT,
        /**
         * The number of votes that was fixed beforehand is not reached, so a p that does not allow
         * for looking earlier says nothing.
         */
        EARLY,
        /** The number is shown for comparison with those that may be verdicts. */
        ASIDE
    }

    /** Returns whether there is a verdict. */
    public boolean decided() {
        return standing == Standing.VERDICT
                && adjusted <= level
                && interval.known()
                && !interval.contains(0.5);
    }

    Headline withAdjusted(double value) {
        return new Headline(basis, raters, share, interval, p, value, level, standing);
    }
}
