package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Intervals of fitted numbers whose votes are alike within raters and within prompts: each rater in
 * turn, then each prompt, is left out (Tukey, 1958), the two variances add up, and the quantile is
 * Student's with one degree of freedom fewer than there are raters or prompts, whichever are fewer.
 * A single prompt counts as given.
 */
public final class Jackknife {
    /** In the place of a rater or prompt: none is left out. */
    public static final int NOBODY = -1;

    private Jackknife() {}

    /**
     * Intervals around {@code statistic}'s values.
     *
     * @param statistic the values without a rater or without a prompt, {@value #NOBODY} for none;
     *     always of the same length
     * @return {@link Interval#NONE} for each value with fewer than two raters
     */
    public static List<Interval> intervals(
            int raters,
            int prompts,
            BiFunction<Integer, Integer, List<Double>> statistic,
            double confidence) {
        List<Double> values = statistic.apply(NOBODY, NOBODY);
        if (raters < 2) {
            return values.stream().map(v -> Interval.NONE).toList();
        }
        double[] variances = new double[values.size()];
        add(
                variances,
                IntStream.range(0, raters).mapToObj(r -> statistic.apply(r, NOBODY)).toList());
        if (prompts > 1) {
            add(
                    variances,
                    IntStream.range(0, prompts).mapToObj(p -> statistic.apply(NOBODY, p)).toList());
        }
        int fewest = prompts > 1 ? Math.min(raters, prompts) : raters;
        double quantile =
                new TDistribution(fewest - 1.0).inverseCumulativeProbability(0.5 + confidence / 2);
        List<Interval> intervals = new ArrayList<>();
        for (int i = 0; i < variances.length; i++) {
            double half = quantile * Math.sqrt(variances[i]);
            intervals.add(new Interval(values.get(i) - half, values.get(i) + half));
        }
        return intervals;
    }

    private static void add(double[] variances, List<List<Double>> without) {
        double groups = without.size();
        for (int i = 0; i < variances.length; i++) {
            int at = i;
            double mean = without.stream().mapToDouble(v -> v.get(at)).average().orElse(0);
            double squares =
                    without.stream().mapToDouble(v -> v.get(at) - mean).map(d -> d * d).sum();
            variances[i] += squares * (groups - 1) / groups;
        }
    }
}
