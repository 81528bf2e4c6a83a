package dev.stanstudio.web.study.stats;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Computes how many decisive votes a study needs, by the two-sided exact test of a share of 1/2.
 */
public final class Power {
    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final int SLACK = 59;
    private static final int FLAT = 5_000;

    private Power() {}

    /** The probability that {@code n} votes reject 1/2 when the share is {@code p}. */
    public static double exact(int n, double p, double alpha) {
        return exact(n, p, critical(n, alpha));
    }

    private static double exact(int n, double p, int critical) {
        if (critical < 0) {
            return 0;
        }
        double power =
                new BinomialDistribution(n, p).cumulativeProbability(critical)
                        + new BinomialDistribution(n, 1 - p).cumulativeProbability(critical);
        return Math.min(1, power);
    }

    /** The largest count below the middle that rejects; -1 when none does. */
    private static int critical(int n, double alpha) {
        int rejects = -1;
        int keeps = (n + 1) / 2;
        while (keeps - rejects > 1) {
            int middle = (rejects + keeps) / 2;
            if (rejects(middle, n, alpha)) {
                rejects = middle;
            } else {
                keeps = middle;
            }
        }
        return rejects;
    }

    private static boolean rejects(int count, int n, double alpha) {
        return 2 * new BinomialDistribution(n, 0.5).cumulativeProbability(count) <= alpha;
    }

    /**
     * Votes needed by the normal approximation.
     *
     * @param p the share to be found, other than 1/2
     * @param power the probability of finding it
     */
    public static int votesByNormal(double p, double alpha, double power) {
        if (p == 0.5) {
            throw new IllegalArgumentException("no number of votes tells 1/2 from 1/2");
        }
        double level = NORMAL.inverseCumulativeProbability(1 - alpha / 2);
        double reach = NORMAL.inverseCumulativeProbability(power);
        double root = (level * 0.5 + reach * Math.sqrt(p * (1 - p))) / (p - 0.5);
        return (int) Math.ceil(root * root);
    }

    /** The fewest votes that reach {@code power}; some larger numbers may not, see below. */
    public static int votes(double p, double alpha, double power) {
        int n = 1;
        while (exact(n, p, alpha) < power) {
            n++;
        }
        return n;
    }

    /**
     * The fewest votes from which on every number reaches {@code power} (the exact power goes up in
     * a saw-tooth), looked for up to twice the normal approximation; up to a fifth beyond it where
     * that is large, since the teeth get flatter with the root of the number.
     */
    public static int votesFromWhichOn(double p, double alpha, double power) {
        int normal = votesByNormal(p, alpha, power);
        int n = SLACK + (normal > FLAT ? normal + normal / 5 : 2 * normal);
        int critical = critical(n - 1, alpha);
        while (n > 1 && exact(n - 1, p, critical) >= power) {
            n--;
            // One vote fewer moves it by one at most.
            critical -= critical >= 0 && !rejects(critical, n - 1, alpha) ? 1 : 0;
        }
        return n;
    }
}
