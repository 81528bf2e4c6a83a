package dev.stanstudio.scoring.metric;

/**
 * A mean and its bootstrap replicates, kept as sums: memory does not grow with the pictures. Equal
 * values in another order give the same within rounding. Not thread-safe.
 */
public final class ResampledMean {
    private final double[] sums;
    private final double[] weights;
    private double sum;
    private long count;

    /** A mean over nothing yet. */
    public ResampledMean(int replicates) {
        sums = new double[replicates];
        weights = new double[replicates];
    }

    /** Adds a value whose unit counts {@code often} times in each replicate. */
    public void add(double value, byte[] often) {
        sum += value;
        count++;
        for (int b = 0; b < sums.length; b++) {
            sums[b] += often[b] * value;
            weights[b] += often[b];
        }
    }

    /** As {@link #add(double, byte[])}; faster where many values of a unit are added. */
    public void add(double value, double[] often) {
        sum += value;
        count++;
        for (int b = 0; b < sums.length; b++) {
            sums[b] += often[b] * value;
        }
        for (int b = 0; b < weights.length; b++) {
            weights[b] += often[b];
        }
    }

    /** Returns a copy whose values count so many times more in each replicate. */
    ResampledMean scaled(double[] often) {
        ResampledMean copy = new ResampledMean(sums.length);
        copy.sum = sum;
        copy.count = count;
        for (int b = 0; b < sums.length; b++) {
            copy.sums[b] = sums[b] * often[b];
            copy.weights[b] = weights[b] * often[b];
        }
        return copy;
    }

    /** Values so far. */
    public long count() {
        return count;
    }

    /** The mean; NaN of nothing. */
    public double mean() {
        return sum / count;
    }

    /** The mean in each replicate; NaN where no unit was drawn. */
    public double[] replicates() {
        double[] means = new double[sums.length];
        for (int b = 0; b < means.length; b++) {
            means[b] = sums[b] / weights[b];
        }
        return means;
    }

    /** The mean with its 95 % interval. */
    public Estimate estimate() {
        return Intervals.estimate(mean(), count, replicates());
    }
}
