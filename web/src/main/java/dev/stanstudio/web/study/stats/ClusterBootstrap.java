package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Votes of one rater are alike, and so are votes on one prompt. Drawing raters and prompts with
 * replacement, and weighing a vote by the product of how often its rater and its prompt were drawn
 * (the pigeonhole bootstrap; Owen, 2007), keeps both in the interval.
 */
public final class ClusterBootstrap {
    private final int raters;
    private final int prompts;
    private final int resamples;
    private final long seed;

    /** Equal seeds give equal intervals. */
    public ClusterBootstrap(int raters, int prompts, int resamples, long seed) {
        this.raters = raters;
        this.prompts = prompts;
        this.resamples = resamples;
        this.seed = seed;
    }

    /** How often each rater and prompt was drawn. */
    public static final class Weights {
        private final int[] raters;
        private final int[] prompts;

        Weights(int[] raterDraws, int raterCount, int[] promptDraws, int promptCount) {
            raters = counts(raterDraws, raterCount);
            prompts = counts(promptDraws, promptCount);
        }

        /** The weight of a vote. */
        public double of(int rater, int prompt) {
            return (double) raters[rater] * prompts[prompt];
        }

        private static int[] counts(int[] draws, int n) {
            int[] counts = new int[n];
            for (int draw : draws) {
                counts[draw]++;
            }
            return counts;
        }
    }

    /**
     * The percentile intervals of several statistics.
     *
     * @param statistic NaN among its values leaves a resample out for that value; always of the
     *     same length
     * @return an interval per value; its ends are NaN where no resample defined it
     */
    public List<Interval> intervals(
            Function<? super Weights, ? extends List<Double>> statistic, double confidence) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Double>> draws = new ArrayList<>();
        for (int b = 0; b < resamples; b++) {
            draws.add(
                    statistic.apply(
                            new Weights(
                                    draws(random, raters),
                                    raters,
                                    draws(random, prompts),
                                    prompts)));
        }
        List<Interval> intervals = new ArrayList<>();
        for (int i = 0; i < draws.get(0).size(); i++) {
            int at = i;
            double[] values =
                    draws.stream()
                            .mapToDouble(draw -> draw.get(at))
                            .filter(Double::isFinite)
                            .toArray();
            intervals.add(percentile(values, confidence));
        }
        return intervals;
    }

    private static int[] draws(SplittableRandom random, int n) {
        return random.ints(n, 0, n).toArray();
    }

    /** The interval between two quantiles, with linear interpolation as numpy's default. */
    static Interval percentile(double[] values, double confidence) {
        if (values.length == 0) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2;
        return new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail));
    }

    private static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
