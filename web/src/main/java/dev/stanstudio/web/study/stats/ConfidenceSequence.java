package dev.stanstudio.web.study.stats;

import org.hipparchus.special.Gamma;

/**
 * Intervals for a share that hold at every moment at once: whoever looks after every vote and stops
 * when it pleases is wrong no more often than promised. The votes' likelihood mixed over a Beta(½,
 * ½) prior, divided by the likelihood of p, is a martingale if p is true (Robbins, 1970), so by
 * Ville's inequality it ever exceeds 1/α with probability at most α; the interval is all p for
 * which it has not.
 *
 * <p>It takes votes for independent; the bootstrap over raters and prompts does not.
 */
public final class ConfidenceSequence {
    private static final double PRIOR = 0.5;
    private static final int HALVINGS = 60;

    private ConfidenceSequence() {}

    /** The interval after {@code wins} and {@code losses}, of confidence 1 − {@code alpha}. */
    public static Interval interval(long wins, long losses, double alpha) {
        if (wins + losses == 0) {
            return Interval.SHARE;
        }
        double mixture = logBeta(PRIOR + wins, PRIOR + losses) - logBeta(PRIOR, PRIOR);
        double allowed = mixture + Math.log(alpha);
        double peak = (double) wins / (wins + losses);
        return new Interval(
                edge(wins, losses, allowed, peak, 0), edge(wins, losses, allowed, peak, 1));
    }

    /** Whether the sequence has ruled out 1/2, cheaper than the interval. */
    public static boolean decided(long wins, long losses, double alpha) {
        double mixture = logBeta(PRIOR + wins, PRIOR + losses) - logBeta(PRIOR, PRIOR);
        return mixture - (wins + losses) * Math.log(0.5) >= -Math.log(alpha);
    }

    /** Between the peak, which is allowed, and the end, the likelihood falls. */
    private static double edge(long wins, long losses, double allowed, double peak, double end) {
        if (logLikelihood(wins, losses, end) > allowed) {
            return end;
        }
        double inside = peak;
        double outside = end;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (logLikelihood(wins, losses, middle) > allowed) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return outside;
    }

    private static double logLikelihood(long wins, long losses, double p) {
        return times(wins, Math.log(p)) + times(losses, Math.log1p(-p));
    }

    private static double times(long count, double log) {
        return count == 0 ? 0 : count * log;
    }

    private static double logBeta(double a, double b) {
        return Gamma.logGamma(a) + Gamma.logGamma(b) - Gamma.logGamma(a + b);
    }
}
