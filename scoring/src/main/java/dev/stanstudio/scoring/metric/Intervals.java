package dev.stanstudio.scoring.metric;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.moment.StandardDeviation;
import org.hipparchus.stat.descriptive.rank.Percentile;

/** Percentile intervals of bootstrap replicates (Efron 1979). */
public final class Intervals {
    /** The confidence of every interval. */
    public static final double CONFIDENCE = 0.95;

    private static final double PERCENT = 100;

    /** Below this share of usable replicates there is no interval. */
    private static final double USABLE = 0.5;

    private Intervals() {}

    /**
     * {@code value} with the interval that its replicates give. One picture has none: it would be a
     * point.
     *
     * @param replicates NaN where a replicate could not be computed
     */
    public static Estimate estimate(double value, long n, double[] replicates) {
        double[] usable = Arrays.stream(replicates).filter(Double::isFinite).toArray();
        if (n < 2 || usable.length < 2 || usable.length < USABLE * replicates.length) {
            return new Estimate(value, n, null, null);
        }
        double tail = (1 - CONFIDENCE) / 2;
        // Type 7 interpolates at q·(B − 1), as numpy does.
        Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        percentile.setData(usable);
        return new Estimate(
                value,
                n,
                percentile.evaluate(PERCENT * tail),
                percentile.evaluate(PERCENT * (1 - tail)));
    }

    /**
     * As {@link #estimate}, of replicates that draw {@code trainings} trainings and within them.
     * For few of them percentiles are too narrow: the interval is t times the replicates'
     * deviation, widened by √(T / (T − 1)) (Hesterberg 2015, "What teachers should know about the
     * bootstrap").
     */
    static Estimate estimate(double value, long n, double[] replicates, int trainings) {
        Estimate plain = estimate(value, n, replicates);
        if (trainings < 2 || trainings >= TrainingEstimate.MANY || plain.low() == null) {
            return plain;
        }
        double[] usable = Arrays.stream(replicates).filter(Double::isFinite).toArray();
        double freedom = trainings - 1.0;
        double reach =
                new StandardDeviation().evaluate(usable)
                        * Math.sqrt(trainings / freedom)
                        * new TDistribution(freedom)
                                .inverseCumulativeProbability(0.5 + CONFIDENCE / 2);
        return new Estimate(value, n, value - reach, value + reach);
    }
}
