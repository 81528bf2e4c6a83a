package dev.stanstudio.scoring.metric;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.hipparchus.distribution.continuous.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A mean, or an even mean of several, with an interval and a test whose unit is the training where
 * there are several.
 *
 * <p>One training: the percentile interval of the bootstrap over units, and no test of its own;
 * both would speak of this training only. Several: trainings and units are crossed random factors,
 * as raters and prompts are (Cameron, Gelbach &amp; Miller 2011, "Robust inference with multiway
 * clustering"): V = V(trainings) + V(units) − V(independent), and at least either. Fewer than
 * {@value #MANY} trainings: t with Satterthwaite's degrees of freedom, and one for two trainings.
 * From {@value #MANY} on: percentiles of the bootstrap over trainings, then units, and its share of
 * replicates beyond 0 as p.
 *
 * @param estimate value, number of values and interval
 * @param trainings behind it; 0 where none is known
 * @param deviation standard deviation between trainings; null for fewer than two
 * @param bootstrap interval of the bootstrap over trainings, then units; null for one training
 * @param p two-sided chance of a mean as far from 0; NaN for one training
 */
public record TrainingEstimate(
        Estimate estimate,
        int trainings,
        @Nullable Double deviation,
        @Nullable Estimate bootstrap,
        double p) {
    /** From so many trainings on percentiles of the bootstrap are close enough. */
    public static final int MANY = 20;

    /**
     * A part of an even mean: (mean − shift) / scale.
     *
     * @param mean of the values
     */
    public record Part(TrainingMean mean, double shift, double scale) {
        double of(double value) {
            return (value - shift) / scale;
        }
    }

    /** Returns the mean of {@code parts}, each counting the same; there is at least one. */
    public static TrainingEstimate of(List<Part> parts) {
        double value = parts.stream().mapToDouble(p -> p.of(p.mean().mean())).average().orElse(0);
        long n = parts.stream().mapToLong(p -> p.mean().count()).sum();
        int trainings = parts.stream().mapToInt(p -> p.mean().trainings()).max().orElse(0);
        double[] units = replicates(parts, false);
        if (trainings < 2) {
            Estimate one = Intervals.estimate(value, n, units);
            return new TrainingEstimate(one, trainings, null, null, Double.NaN);
        }
        double[] both = replicates(parts, true);
        Estimate bootstrap = Intervals.estimate(value, n, both);
        Spread spread = Spread.of(parts, value, n, units);
        boolean many = trainings >= MANY;
        return new TrainingEstimate(
                many ? bootstrap : spread.interval(value, n),
                trainings,
                spread.deviation(),
                bootstrap,
                many ? beyond(both) : spread.p(value));
    }

    /** A replicate counts the parts of which it drew something. */
    private static double[] replicates(List<Part> parts, boolean both) {
        int count = parts.get(0).mean().replicates();
        double[] sums = new double[count];
        int[] drawn = new int[count];
        for (Part part : parts) {
            double[] own = both ? part.mean().overBoth() : part.mean().overUnits();
            for (int b = 0; b < own.length; b++) {
                sums[b] += Double.isNaN(own[b]) ? 0 : part.of(own[b]);
                drawn[b] += Double.isNaN(own[b]) ? 0 : 1;
            }
        }
        Arrays.setAll(sums, b -> sums[b] / drawn[b]);
        return sums;
    }

    private static double beyond(double[] replicates) {
        double[] usable = Arrays.stream(replicates).filter(Double::isFinite).toArray();
        long above = Arrays.stream(usable).filter(value -> value >= 0).count();
        long below = Arrays.stream(usable).filter(value -> value <= 0).count();
        return Math.min(1, 2.0 * (Math.min(above, below) + 1) / (usable.length + 1));
    }

    /**
     * The squared standard error and its degrees of freedom.
     *
     * @param deviation between the trainings' means
     */
    private record Spread(double deviation, double variance, double freedom) {
        static Spread of(List<Part> parts, double value, long n, double[] units) {
            TreeSet<String> names = new TreeSet<>();
            parts.forEach(part -> names.addAll(part.mean().names()));
            int count = names.size();
            double even = 0;
            double clustered = 0;
            long most = 0;
            for (String name : names) {
                double own = 0;
                long values = 0;
                for (Part part : parts) {
                    own += part.of(part.mean().mean(name)) / parts.size();
                    values += part.mean().count(name);
                }
                double share = (double) values / n;
                even += (own - value) * (own - value);
                clustered += share * share * (own - value) * (own - value);
                most = Math.max(most, values);
            }
            double factor = count / (count - 1.0);
            double ofUnits = most < 2 ? 0 : variance(units) * most / (most - 1.0);
            double independent = 0;
            for (Part part : parts) {
                double scale = part.scale() * parts.size();
                independent += part.mean().independent() / (scale * scale);
            }
            double ofTrainings = factor * clustered;
            double sum = ofTrainings + ofUnits - independent;
            double variance = Math.max(sum, Math.max(ofTrainings, ofUnits));
            return new Spread(
                    Math.sqrt(even / (count - 1)),
                    variance,
                    freedom(variance, ofTrainings, count - 1.0, ofUnits, most - 1.0, n));
        }

        /** Satterthwaite's; two trainings say too little about their variance for it. */
        private static double freedom(
                double variance, double a, double aFreedom, double b, double bFreedom, long n) {
            if (aFreedom < 2) {
                return 1;
            }
            double sum = a * a / aFreedom + (bFreedom < 1 ? 0 : b * b / bFreedom);
            double freedom = sum > 0 ? variance * variance / sum : aFreedom;
            return Math.max(aFreedom, Math.min(freedom, n - 1.0));
        }

        private static double variance(double[] replicates) {
            double[] usable = Arrays.stream(replicates).filter(Double::isFinite).toArray();
            double mean = Arrays.stream(usable).average().orElse(0);
            double squares = 0;
            for (double value : usable) {
                squares += (value - mean) * (value - mean);
            }
            return usable.length < 2 ? 0 : squares / (usable.length - 1);
        }

        Estimate interval(double value, long n) {
            double reach =
                    Math.sqrt(variance)
                            * new TDistribution(freedom)
                                    .inverseCumulativeProbability(0.5 + Intervals.CONFIDENCE / 2);
            return new Estimate(value, n, value - reach, value + reach);
        }

        double p(double value) {
            if (variance == 0) {
                return Double.NaN;
            }
            double t = Math.abs(value) / Math.sqrt(variance);
            return Math.min(1, 2 * new TDistribution(freedom).cumulativeProbability(-t));
        }
    }
}
