package dev.stanstudio.web.study.stats;

import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.hipparchus.special.Beta;

/** Exact tests of a share. */
public final class BinomialTest {
    /** Outcomes as likely as the observed one but for rounding count as that likely. */
    private static final double SLACK = 1 + 1e-7;

    private BinomialTest() {}

    /**
     * The probability, were the share {@code p}, of an outcome that is no likelier than {@code k}
     * of {@code n}; 1 without votes. Away from 1/2 this is not twice a tail.
     */
    public static double twoSided(int k, int n, double p) {
        BinomialDistribution outcomes = new BinomialDistribution(n, p);
        double observed = outcomes.probability(k) * SLACK;
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            double probability = outcomes.probability(i);
            if (probability <= observed) {
                sum += probability;
            }
        }
        return Math.min(1, sum);
    }

    /** The probability of {@code k} or fewer. */
    public static double less(int k, int n, double p) {
        return k == n ? 1 : Beta.regularizedBeta(1 - p, n - k, k + 1.0);
    }

    /** The probability of {@code k} or more. */
    public static double greater(int k, int n, double p) {
        return k == 0 ? 1 : Beta.regularizedBeta(p, k, n - k + 1.0);
    }

    /** The two-sided sign test: ties say nothing and are left out. */
    public static double sign(int wins, int losses) {
        return wins + losses == 0 ? 1 : twoSided(wins, wins + losses, 0.5);
    }
}
