package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Interval;

/**
 * One method among all.
 *
 * @param picks votes for it
 * @param shown decisive votes that it stood in
 * @param wilson of picks / shown, 95 %
 * @param strength log-strength of the model, centred at 0
 * @param elo the same on the scale of chess ratings
 * @param clustered interval of the strength over raters and prompts, by the bootstrap
 */
public record MethodRow(
        String method,
        long picks,
        long shown,
        Interval wilson,
        double strength,
        double elo,
        Interval clustered) {
    /** The share of decisive votes it stood in. */
    public double share() {
        return (double) picks / shown;
    }
}
