package dev.stanstudio.scoring.metric;

import java.util.Arrays;
import java.util.List;

/**
 * Metrics of a whole set with bootstrap intervals: the generated pictures are drawn again, the
 * references stay. A picture that is drawn twice is not compared with itself in the metrics that
 * leave the diagonal out.
 */
public final class ResampledSets {
    /** Compares two vectors. */
    @FunctionalInterface
    private interface Similarity {
        double of(double[] a, double[] b);
    }

    private final double[][] inner;
    private final double[] cross;
    private final double constant;
    private final boolean diagonal;
    private final double scale;

    private ResampledSets(
            double[][] set,
            double[][] references,
            Similarity similarity,
            boolean diagonal,
            double scale) {
        this.diagonal = diagonal;
        this.scale = scale;
        inner = matrix(set, set, similarity);
        cross = new double[set.length];
        double[][] outer = matrix(references, references, similarity);
        double[] ones = new double[references.length];
        Arrays.fill(ones, 1);
        constant = references.length == 0 ? 0 : mean(outer, ones, diagonal);
        for (int i = 0; i < set.length && references.length > 0; i++) {
            for (double[] reference : references) {
                cross[i] += similarity.of(set[i], reference) / references.length;
            }
        }
    }

    /** {@link KernelDistance#kid} with an interval. */
    public static Estimate kid(float[][] set, float[][] references, List<byte[]> weights) {
        return kid(set, references, weights, 0);
    }

    /** The same; the weights draw {@code trainings} trainings too, where there are several. */
    public static Estimate kid(
            float[][] set, float[][] references, List<byte[]> weights, int trainings) {
        return new ResampledSets(
                        Vectors.toDoubles(set),
                        Vectors.toDoubles(references),
                        KernelDistance::cubic,
                        false,
                        1)
                .estimate(weights, trainings);
    }

    /** {@link KernelDistance#cmmd} with an interval. */
    public static Estimate cmmd(float[][] set, float[][] references, List<byte[]> weights) {
        return cmmd(set, references, weights, 0);
    }

    /** The same; the weights draw {@code trainings} trainings too, where there are several. */
    public static Estimate cmmd(
            float[][] set, float[][] references, List<byte[]> weights, int trainings) {
        return new ResampledSets(
                        Vectors.directions(set),
                        Vectors.directions(references),
                        KernelDistance::gaussian,
                        true,
                        KernelDistance.CMMD_SCALE)
                .estimate(weights, trainings);
    }

    /**
     * 1 less the mean cosine of all pairs of a set ({@link Cosines#meanPairwise}), 0 … 2: how
     * different its pictures are.
     */
    public static Estimate diversity(float[][] set, List<byte[]> weights) {
        return diversity(set, weights, 0);
    }

    /** The same; the weights draw {@code trainings} trainings too, where there are several. */
    public static Estimate diversity(float[][] set, List<byte[]> weights, int trainings) {
        Similarity distance = (a, b) -> 1 - Vectors.dot(a, b);
        return new ResampledSets(Vectors.directions(set), new double[0][], distance, false, 1)
                .estimate(weights, trainings);
    }

    private static double[][] matrix(double[][] a, double[][] b, Similarity similarity) {
        double[][] matrix = new double[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                matrix[i][j] = similarity.of(a[i], b[j]);
            }
        }
        return matrix;
    }

    private static double mean(double[][] matrix, double[] weights, boolean diagonal) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < matrix.length; i++) {
            if (weights[i] == 0) {
                continue;
            }
            double row = 0;
            double rowWeight = 0;
            for (int j = 0; j < matrix.length; j++) {
                double weight = i == j && !diagonal ? 0 : weights[j];
                row += weight * matrix[i][j];
                rowWeight += weight;
            }
            sum += weights[i] * row;
            total += weights[i] * rowWeight;
        }
        return sum / total;
    }

    private double of(double[] weights) {
        double across = 0;
        double total = 0;
        for (int i = 0; i < cross.length; i++) {
            across += weights[i] * cross[i];
            total += weights[i];
        }
        return scale * (mean(inner, weights, diagonal) + constant - 2 * across / total);
    }

    private Estimate estimate(List<byte[]> often, int trainings) {
        double[] weights = new double[cross.length];
        Arrays.fill(weights, 1);
        double value = of(weights);
        int count = often.isEmpty() ? 0 : often.get(0).length;
        double[] replicates = new double[count];
        for (int b = 0; b < count; b++) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = often.get(i)[b];
            }
            replicates[b] = of(weights);
        }
        return Intervals.estimate(value, cross.length, replicates, trainings);
    }
}
