package dev.stanstudio.base.image;

import java.util.Arrays;

/** One axis of a resize, in 8-bit fixed point: sums are rounded and clamped to bytes. */
final class ResamplePass {

    private static final int TILE = 16;

    /** A photograph shrunk to a few pixels draws on thousands of rows at a time. */
    private static final int MOST_ROWS = 64;

    private static final int HALF = 1 << (AxisWeights.FRACTION_BITS - 1);

    private ResamplePass() {}

    /**
     * Resamples every row: {@code [h, w, c] -> [h, weights.size(), c]}. Columns are what the
     * processor's vectors can mix, and turning the picture twice costs less than they save.
     */
    static Picture alongRows(Picture in, AxisWeights axis) {
        return turned(alongColumns(turned(in), axis));
    }

    /** Resamples every column: {@code [h, w, c] -> [weights.size(), w, c]}. */
    static Picture alongColumns(Picture in, AxisWeights axis) {
        int row = in.width() * in.mode().channels();
        byte[] out = new byte[Math.multiplyExact(axis.size(), row)];
        WideRows wide = new WideRows(in.array(), row, axis);
        int[] sums = new int[row];
        for (int y = 0; y < axis.size(); y++) {
            Arrays.fill(sums, HALF);
            for (int k = 0; k < axis.count(y); k++) {
                add(sums, wide.get(axis.first(y) + k), axis.weights()[axis.offset(y) + k]);
            }
            for (int i = 0; i < row; i++) {
                out[y * row + i] = clamp(sums[i]);
            }
        }
        return Picture.adopt(in.width(), axis.size(), in.mode(), out);
    }

    private static void add(int[] sums, int[] samples, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += samples[i] * weight;
        }
    }

    /**
     * Rows of bytes as integers, each kept for the several targets that draw on it: products of
     * integers run in the processor's vectors, those of unsigned bytes do not.
     */
    private static final class WideRows {
        private final byte[] samples;
        private final int[][] rows;

        /** Row in each place; -1 for none yet. */
        private final int[] held;

        WideRows(byte[] samples, int length, AxisWeights axis) {
            this.samples = samples;
            this.rows = new int[Math.min(axis.widest(), MOST_ROWS)][length];
            this.held = new int[rows.length];
            Arrays.fill(held, -1);
        }

        int[] get(int y) {
            int place = y % rows.length;
            int[] row = rows[place];
            if (held[place] != y) {
                int start = y * row.length;
                for (int i = 0; i < row.length; i++) {
                    row[i] = samples[start + i] & 0xFF;
                }
                held[place] = y;
            }
            return row;
        }
    }

    /** Rows as columns, tile by tile so that both sides stay in the cache. */
    private static Picture turned(Picture in) {
        byte[] out = new byte[in.array().length];
        for (int top = 0; top < in.height(); top += TILE) {
            for (int left = 0; left < in.width(); left += TILE) {
                int bottom = Math.min(top + TILE, in.height());
                int right = Math.min(left + TILE, in.width());
                for (int x = left; x < right; x++) {
                    turnColumn(in, x, top, bottom, out);
                }
            }
        }
        return Picture.adopt(/* width= */ in.height(), /* height= */ in.width(), in.mode(), out);
    }

    private static void turnColumn(Picture in, int x, int top, int bottom, byte[] out) {
        byte[] from = in.array();
        int channels = in.mode().channels();
        int step = in.width() * channels;
        int to = (x * in.height() + top) * channels;
        int end = bottom * step;
        if (channels == 3) {
            for (int p = top * step + x * 3; p < end; p += step, to += 3) {
                out[to] = from[p];
                out[to + 1] = from[p + 1];
                out[to + 2] = from[p + 2];
            }
            return;
        }
        for (int p = top * step + x * channels; p < end; p += step, to += channels) {
            System.arraycopy(from, p, out, to, channels);
        }
    }

    private static byte clamp(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> AxisWeights.FRACTION_BITS));
    }
}
