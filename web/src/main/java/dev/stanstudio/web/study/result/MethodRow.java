package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Interval;

/**
 * One method among all.
 *
 * @param picks votes for it
 * @param shown decisive votes that it stood in
 * @param interval of picks / shown over raters, 95 %
 * @param wilson the same as if votes were independent
 * @param strength log-strength of the model, centred at 0
 * @param elo the same on the scale of chess ratings
 * @param clustered interval of the strength over raters and prompts, by the jackknife, 95 %
 * @param ranks the places that it may have, all methods' together with 95 %
 */
public record MethodRow(
        String method,
        long picks,
        long shown,
        Interval interval,
        Interval wilson,
        double strength,
        double elo,
        Interval clustered,
        RankSet ranks) {
    /** The share of decisive votes it stood in. */
    public double share() {
        return (double) picks / shown;
    }
}
