package dev.stanstudio.scoring.stats;

import java.util.Arrays;
import org.hipparchus.stat.inference.WilcoxonSignedRankTest;

/**
 * Whether two methods differ, from pictures of the same prompt and seed: Wilcoxon's signed-rank
 * test, two-sided, without the pairs that are equal (Wilcoxon 1945), exact up to 30 pairs.
 */
public final class PairedTest {
    /** With fewer pairs no outcome could reach 5 %. */
    public static final int LEAST = 6;

    private static final int MOST_EXACT = 30;

    private PairedTest() {}

    /**
     * The chance of differences at least as one-sided if the methods were alike; NaN for fewer than
     * {@value #LEAST} pairs that differ.
     *
     * @param a values of one method
     * @param b values of the other, pair by pair
     */
    public static double p(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " and " + b.length + " are no pairs");
        }
        double[] differences = new double[a.length];
        int count = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                differences[count++] = a[i] - b[i];
            }
        }
        if (count < LEAST) {
            return Double.NaN;
        }
        double[] kept = Arrays.copyOf(differences, count);
        double[] zeros = new double[count];
        boolean exact = count <= MOST_EXACT && !hasTies(kept);
        return Math.min(1, new WilcoxonSignedRankTest().wilcoxonSignedRankTest(kept, zeros, exact));
    }

    private static boolean hasTies(double[] differences) {
        double[] sizes = Arrays.stream(differences).map(Math::abs).sorted().toArray();
        for (int i = 1; i < sizes.length; i++) {
            if (sizes[i] == sizes[i - 1]) {
                return true;
            }
        }
        return false;
    }
}
