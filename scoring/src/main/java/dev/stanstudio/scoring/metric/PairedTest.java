package dev.stanstudio.scoring.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.special.Erf;

/**
 * Tests whether two methods differ, on pictures of the same prompt and seed: Wilcoxon's signed-rank
 * test, two-sided, without the pairs that are equal (Wilcoxon 1945), with mean ranks for equal
 * differences. As scipy's default does: exact for up to 50 pairs, or up to 13 where some are equal
 * or differ by the same; beyond that the normal approximation, its variance corrected for equal
 * differences, without a correction for continuity.
 */
public final class PairedTest {
    /** With fewer pairs no outcome could reach 5 %. */
    public static final int LEAST = 6;

    private static final int MOST_EXACT = 50;
    private static final int MOST_EXACT_TIED = 13;

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
        Ranks ranks = Ranks.of(Arrays.copyOf(differences, count));
        boolean plain = count == a.length && ranks.ties() == 0;
        return a.length <= (plain ? MOST_EXACT : MOST_EXACT_TIED) ? exact(ranks) : normal(ranks);
    }

    /**
     * Ranks of the sizes of the differences, doubled to be whole.
     *
     * @param positive their sum over positive differences
     * @param ties Σ (t³ − t) over groups of t equal sizes
     */
    private record Ranks(List<Integer> doubled, int positive, double ties) {
        static Ranks of(double[] differences) {
            Double[] sorted = Arrays.stream(differences).boxed().toArray(Double[]::new);
            Arrays.sort(sorted, (x, y) -> Double.compare(Math.abs(x), Math.abs(y)));
            int n = sorted.length;
            List<Integer> doubled = new ArrayList<>();
            int positive = 0;
            double ties = 0;
            for (int from = 0; from < n; ) {
                int to = from;
                while (to < n && Math.abs(sorted[to]) == Math.abs(sorted[from])) {
                    to++;
                }
                double group = to - from;
                ties += group * group * group - group;
                for (int i = from; i < to; i++) {
                    doubled.add(from + 1 + to);
                    positive += sorted[i] > 0 ? from + 1 + to : 0;
                }
                from = to;
            }
            return new Ranks(doubled, positive, ties);
        }
    }

    /** Over every assignment of signs. */
    private static double exact(Ranks ranks) {
        int all = ranks.doubled().stream().mapToInt(Integer::intValue).sum();
        double[] chances = new double[all + 1];
        chances[0] = 1;
        for (int rank : ranks.doubled()) {
            for (int sum = all; sum >= 0; sum--) {
                chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
            }
        }
        double most = 0;
        for (int sum = 0; sum <= Math.min(ranks.positive(), all - ranks.positive()); sum++) {
            most += chances[sum];
        }
        return Math.min(1, 2 * most);
    }

    private static double normal(Ranks ranks) {
        double n = ranks.doubled().size();
        double expected = n * (n + 1) / 4;
        double variance = (n * (n + 1) * (2 * n + 1) - ranks.ties() / 2) / 24;
        double z = Math.abs(ranks.positive() / 2.0 - expected) / Math.sqrt(variance);
        return Erf.erfc(z / Math.sqrt(2));
    }
}
