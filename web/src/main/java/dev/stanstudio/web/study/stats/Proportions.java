package dev.stanstudio.web.study.stats;

import org.hipparchus.distribution.continuous.BetaDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;

/** Intervals of a share, from {@code k} of {@code n} independent votes. */
public final class Proportions {
    private static final NormalDistribution NORMAL = new NormalDistribution();

    private Proportions() {}

    /**
     * Wilson's score interval (Wilson, 1927). Without votes it is {@link Interval#SHARE}.
     *
     * @param confidence of both sides together, for example 0.95
     */
    public static Interval wilson(long k, long n, double confidence) {
        require(k, n);
        if (n == 0) {
            return Interval.SHARE;
        }
        return score((double) k / n, (double) n, confidence);
    }

    /** Wilson's interval around the share {@code p} of {@code n}, which need not be whole. */
    static Interval score(double p, double n, double confidence) {
        double z = NORMAL.inverseCumulativeProbability(0.5 + confidence / 2);
        double scale = 1 + z * z / n;
        double centre = (p + z * z / (2 * n)) / scale;
        double half = z / scale * Math.sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
        return new Interval(p == 0 ? 0 : centre - half, p == 1 ? 1 : centre + half);
    }

    /** Clopper and Pearson's interval, which covers at least as often as it says. */
    public static Interval clopperPearson(long k, long n, double confidence) {
        require(k, n);
        double tail = (1 - confidence) / 2;
        double low = k == 0 ? 0 : beta((double) k, n - k + 1.0, tail);
        double high = k == n ? 1 : beta(k + 1.0, (double) (n - k), 1 - tail);
        return new Interval(low, high);
    }

    private static double beta(double a, double b, double q) {
        return new BetaDistribution(a, b, 1e-13).inverseCumulativeProbability(q);
    }

    private static void require(long k, long n) {
        if (k < 0 || k > n) {
            throw new IllegalArgumentException(k + " of " + n + " is no share");
        }
    }
}
