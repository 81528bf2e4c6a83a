package dev.stanstudio.datasets.picture;

import java.util.Arrays;

/** One axis of a resize, in 8-bit fixed point: sums are rounded and clamped to bytes. */
final class ResamplePass {

    private static final int HALF = 1 << (AxisWeights.FRACTION_BITS - 1);

    private ResamplePass() {}

    /** Resamples every row: {@code [h, w, c] -> [h, weights.size(), c]}. */
    static Picture alongRows(Picture in, AxisWeights axis) {
        int channels = in.mode().channels();
        byte[] out = new byte[Math.multiplyExact(axis.size() * channels, in.height())];
        for (int y = 0, to = 0; y < in.height(); y++) {
            for (int x = 0; x < axis.size(); x++, to += channels) {
                int from = (y * in.width() + axis.first(x)) * channels;
                mixPixels(in.array(), from, axis, x, out, to, channels);
            }
        }
        return Picture.adopt(axis.size(), in.height(), in.mode(), out);
    }

    /** Resamples every column: {@code [h, w, c] -> [weights.size(), w, c]}. */
    static Picture alongColumns(Picture in, AxisWeights axis) {
        int row = in.width() * in.mode().channels();
        byte[] from = in.array();
        byte[] out = new byte[Math.multiplyExact(axis.size(), row)];
        int[] sums = new int[row];
        for (int y = 0; y < axis.size(); y++) {
            Arrays.fill(sums, HALF);
            for (int k = 0; k < axis.count(y); k++) {
                int weight = axis.weights()[axis.offset(y) + k];
                int start = (axis.first(y) + k) * row;
                for (int i = 0; i < row; i++) {
                    sums[i] += (from[start + i] & 0xFF) * weight;
                }
            }
            for (int i = 0; i < row; i++) {
                out[y * row + i] = clamp(sums[i]);
            }
        }
        return Picture.adopt(in.width(), axis.size(), in.mode(), out);
    }

    private static void mixPixels(
            byte[] in, int from, AxisWeights axis, int position, byte[] out, int to, int channels) {
        int[] weights = axis.weights();
        int begin = axis.offset(position);
        int end = begin + axis.count(position);
        for (int c = 0; c < channels; c++) {
            int sum = HALF;
            for (int k = begin, p = from + c; k < end; k++, p += channels) {
                sum += (in[p] & 0xFF) * weights[k];
            }
            out[to + c] = clamp(sum);
        }
    }

    private static byte clamp(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> AxisWeights.FRACTION_BITS));
    }
}
