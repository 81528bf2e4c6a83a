package dev.stanstudio.web.study.stats;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Whether a rater votes like the others. Raters who share one distribution of answers per
 * comparison could have exchanged their answers within each: given all answers to a comparison,
 * each of them was as likely to be this rater's. Under that the distribution of how well the rater
 * agrees with the others is known exactly, whatever the preferences, with ties, with any number of
 * answers, and however few the others are. The agreement is Σ ln((k + ½) / (n + K/2)), rounded to
 * {@value #STEPS} steps a unit, where k of the n others gave the rater's answer and K answers were
 * possible.
 *
 * <p>Raters with tastes of their own agree more or less than chance allows. {@link #widened} takes
 * that out by the spread that all raters show. Stateless.
 */
public final class OutlierTest {
    private static final int STEPS = 20;
    private static final double MEDIAN_TO_DEVIATION = 1.4826;
    private static final double TINY = 1e-300;
    private static final NormalDistribution NORMAL = new NormalDistribution();

    private OutlierTest() {}

    /**
     * A rater's answer to a comparison.
     *
     * @param given which answer, from 0
     * @param counts how often each answer was given, the rater's among them
     */
    public record Answer(int given, List<Integer> counts) {
        /** Copies the list. */
        public Answer {
            counts = List.copyOf(counts);
            if (counts.get(given) < 1) {
                throw new IllegalArgumentException("the rater's own answer is not counted");
            }
        }

        private double total() {
            return counts.stream().mapToInt(Integer::intValue).sum();
        }

        /**
         * For each answer, how far its agreement is below the best answer's; -1 if nobody gave it.
         */
        private int[] losses() {
            double all = total() - 1 + counts.size() / 2.0;
            int most = counts.stream().mapToInt(Integer::intValue).max().orElse(1);
            int[] losses = new int[counts.size()];
            for (int a = 0; a < losses.length; a++) {
                int count = counts.get(a);
                losses[a] = count == 0 ? -1 : steps(most, all) - steps(count, all);
            }
            return losses;
        }

        private static int steps(int count, double all) {
            return (int) Math.round(STEPS * Math.log((count - 0.5) / all));
        }
    }

    /**
     * How far out of line a rater is.
     *
     * @param p the probability of agreeing no better than observed
     * @param middle the same with half of the probability of exactly the observed agreement
     */
    public record Tail(double p, double middle) {}

    /** The tail of a rater's answers; p is 1 where none can tell. */
    public static Tail tail(List<Answer> answers) {
        double[] chances = {1};
        int observed = 0;
        for (Answer answer : answers) {
            int[] losses = answer.losses();
            observed += losses[answer.given()];
            chances = spread(chances, answer, losses);
        }
        double beyond = 0;
        for (int loss = chances.length - 1; loss > observed; loss--) {
            beyond += chances[loss];
        }
        double p = Math.min(1, beyond + chances[observed]);
        return new Tail(p, Math.min(1, beyond + chances[observed] / 2));
    }

    /** The chances of every loss of agreement after one more answer. */
    private static double[] spread(double[] chances, Answer answer, int[] losses) {
        double[] next = new double[chances.length + Arrays.stream(losses).max().orElse(0)];
        double total = answer.total();
        for (int a = 0; a < losses.length; a++) {
            if (losses[a] >= 0) {
                double share = answer.counts().get(a) / total;
                for (int i = 0; i < chances.length; i++) {
                    next[i + losses[a]] += share * chances[i];
                }
            }
        }
        return next;
    }

    /** The tails of all raters as p-values that allow for tastes of their own, in their order. */
    public static List<Double> widened(List<Tail> tails) {
        double[] normal = tails.stream().mapToDouble(t -> normal(t.middle())).sorted().toArray();
        double centre = median(normal);
        double spread =
                median(Arrays.stream(normal).map(z -> Math.abs(z - centre)).sorted().toArray());
        double scale = Math.max(1, MEDIAN_TO_DEVIATION * spread);
        return tails.stream()
                .map(t -> Math.max(t.p(), NORMAL.cumulativeProbability(normal(t.p()) / scale)))
                .toList();
    }

    private static double normal(double p) {
        return NORMAL.inverseCumulativeProbability(Math.max(TINY, Math.min(1 - 1e-15, p)));
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
