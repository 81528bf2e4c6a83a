package dev.stanstudio.base.image;

import java.util.Arrays;

/**
 * For each target position along one axis, the source positions it draws on and their weights in
 * 22-bit fixed point ({@code Resample.c}, {@code precompute_coeffs} and {@code
 * normalize_coeffs_8bpc}).
 */
final class AxisWeights {

    /** Fraction bits: 32 less 8 of the sample and 2 for overshoot. */
    static final int FRACTION_BITS = 22;

    private final int size;
    private final int stride;
    private final int[] first;
    private final int[] count;
    private final int[] weights;

    private AxisWeights(int size, int stride) {
        this.size = size;
        this.stride = stride;
        this.first = new int[size];
        this.count = new int[size];
        this.weights = new int[size * stride];
    }

    /**
     * @param sourceSize pixels of the source along the axis
     * @param from start of the resample box along the axis
     * @param to its end
     * @param targetSize pixels of the target along the axis
     */
    static AxisWeights of(
            ResampleFilter filter, int sourceSize, float from, float to, int targetSize) {
        double scale = (double) (to - from) / targetSize;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        AxisWeights axis = new AxisWeights(targetSize, (int) Math.ceil(support) * 2 + 1);
        double[] kernel = new double[axis.stride];
        for (int i = 0; i < targetSize; i++) {
            double centre = from + (i + 0.5) * scale;
            int low = Math.max(0, (int) (centre - support + 0.5));
            int high = Math.min(sourceSize, (int) (centre + support + 0.5));
            double sum = 0;
            for (int k = 0; k < high - low; k++) {
                kernel[k] = filter.weight((k + low - centre + 0.5) * (1 / filterScale));
                sum += kernel[k];
            }
            axis.first[i] = low;
            axis.count[i] = high - low;
            for (int k = 0; k < high - low; k++) {
                axis.weights[i * axis.stride + k] = fixed(sum == 0 ? kernel[k] : kernel[k] / sum);
            }
        }
        return axis;
    }

    private static int fixed(double weight) {
        return (int) (weight * (1 << FRACTION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }

    /** Number of target positions. */
    int size() {
        return size;
    }

    int first(int position) {
        return first[position];
    }

    int count(int position) {
        return count[position];
    }

    /** Index in {@link #weights} of the first weight of each target position. */
    int offset(int position) {
        return position * stride;
    }

    int[] weights() {
        return weights;
    }

    /** The most source positions that a target position draws on, at least 1. */
    int widest() {
        return Math.max(1, Arrays.stream(count).max().orElse(1));
    }

    /** The first source position that any target position draws on. */
    int begin() {
        return first[0];
    }

    /** The position after the last one that any target position draws on. */
    int end() {
        return first[size - 1] + count[size - 1];
    }

    /** The weights of {@code length} target positions from {@code from} on. */
    AxisWeights part(int from, int length) {
        if (length == size) {
            return this;
        }
        AxisWeights part = new AxisWeights(length, stride);
        System.arraycopy(weights, from * stride, part.weights, 0, part.weights.length);
        System.arraycopy(first, from, part.first, 0, length);
        System.arraycopy(count, from, part.count, 0, length);
        return part;
    }

    /** The same weights for a source that lacks its first {@code removed} positions. */
    AxisWeights withoutLeading(int removed) {
        if (removed == 0) {
            return this;
        }
        AxisWeights shifted = new AxisWeights(size, stride);
        System.arraycopy(weights, 0, shifted.weights, 0, weights.length);
        System.arraycopy(count, 0, shifted.count, 0, size);
        for (int i = 0; i < size; i++) {
            shifted.first[i] = first[i] - removed;
        }
        return shifted;
    }
}
