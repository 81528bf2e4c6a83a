package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.RaterPower;

/**
 * The result that may be watched: the sequence over raters, of whom unfinished ones are bet on
 * carefully.
 *
 * @param raters how many count
 * @param mean their mean score: 1 for a vote for the first method, 0 for the other, ½ otherwise;
 *     NaN without raters
 * @param interval of the mean score, which holds at every moment at once
 * @param p an any-time p-value of the mean being ½
 * @param needed raters, these among them, that would decide it if further ones answered as these
 */
public record Anytime(int raters, double mean, Interval interval, double p, int needed) {
    static final Anytime NOTHING = new Anytime(0, Double.NaN, Interval.SHARE, 1, RaterPower.MOST);

    /** The same seen from the other method. */
    Anytime turned() {
        return new Anytime(
                raters, 1 - mean, new Interval(1 - interval.high(), 1 - interval.low()), p, needed);
    }
}
