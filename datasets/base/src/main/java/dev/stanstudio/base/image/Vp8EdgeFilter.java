package dev.stanstudio.base.image;

/**
 * Smooths the samples on both sides of an edge, along a line across it (RFC 6386, sections 15.2 and
 * 15.3). {@code at} is the first sample behind the edge.
 */
final class Vp8EdgeFilter {
    private Vp8EdgeFilter() {}

    private static int clamp(int value) {
        return value < -128 ? -128 : Math.min(value, 127);
    }

    private static int get(byte[] samples, int at) {
        return samples[at] & 0xFF;
    }

    /** Returns a sample around 0, which the filters calculate with. */
    private static int signed(byte[] samples, int at) {
        return (samples[at] & 0xFF) - 128;
    }

    private static void set(byte[] samples, int at, int signed) {
        samples[at] = (byte) (clamp(signed) + 128);
    }

    private static int distance(byte[] samples, int one, int other) {
        return Math.abs(get(samples, one) - get(samples, other));
    }

    private static boolean isSmall(byte[] samples, int at, int step, int limit) {
        return 4 * distance(samples, at - step, at) + distance(samples, at - 2 * step, at + step)
                <= 2 * limit + 1;
    }

    /** Filters by the simple filter (section 15.2). */
    static void simple(byte[] samples, int at, int step, int limit) {
        if (isSmall(samples, at, step, limit)) {
            moveTwo(samples, at, step);
        }
    }

    /** Filters an edge of macroblocks by the normal filter (section 15.3). */
    static void outer(byte[] samples, int at, int step, Vp8FilterLimits limits) {
        if (isSmall(samples, at, step, limits.outerEdge())
                && isFlat(samples, at, step, limits.interior())) {
            if (isContrast(samples, at, step, limits.variance())) {
                moveTwo(samples, at, step);
            } else {
                moveSix(samples, at, step);
            }
        }
    }

    /** Filters an edge within a macroblock by the normal filter (section 15.3). */
    static void inner(byte[] samples, int at, int step, Vp8FilterLimits limits) {
        if (isSmall(samples, at, step, limits.edge())
                && isFlat(samples, at, step, limits.interior())) {
            if (isContrast(samples, at, step, limits.variance())) {
                moveTwo(samples, at, step);
            } else {
                moveFour(samples, at, step);
            }
        }
    }

    private static boolean isFlat(byte[] samples, int at, int step, int limit) {
        return distance(samples, at - 4 * step, at - 3 * step) <= limit
                && distance(samples, at - 3 * step, at - 2 * step) <= limit
                && distance(samples, at - 2 * step, at - step) <= limit
                && distance(samples, at + 3 * step, at + 2 * step) <= limit
                && distance(samples, at + 2 * step, at + step) <= limit
                && distance(samples, at + step, at) <= limit;
    }

    private static boolean isContrast(byte[] samples, int at, int step, int limit) {
        return distance(samples, at - 2 * step, at - step) > limit
                || distance(samples, at + step, at) > limit;
    }

    /** Returns the step between both sides, corrected by that between their neighbours. */
    private static int correctedStep(byte[] samples, int at, int step) {
        int outer = clamp(signed(samples, at - 2 * step) - signed(samples, at + step));
        return clamp(outer + 3 * (signed(samples, at) - signed(samples, at - step)));
    }

    private static void moveTwo(byte[] samples, int at, int step) {
        int size = correctedStep(samples, at, step);
        set(samples, at, signed(samples, at) - (clamp(size + 4) >> 3));
        set(samples, at - step, signed(samples, at - step) + (clamp(size + 3) >> 3));
    }

    private static void moveFour(byte[] samples, int at, int step) {
        int size = clamp(3 * (signed(samples, at) - signed(samples, at - step)));
        int behind = clamp(size + 4) >> 3;
        int before = clamp(size + 3) >> 3;
        int next = (behind + 1) >> 1;
        set(samples, at - 2 * step, signed(samples, at - 2 * step) + next);
        set(samples, at - step, signed(samples, at - step) + before);
        set(samples, at, signed(samples, at) - behind);
        set(samples, at + step, signed(samples, at + step) - next);
    }

    private static void moveSix(byte[] samples, int at, int step) {
        int size = correctedStep(samples, at, step);
        for (int i = 0; i < 3; i++) {
            int move = clamp(((27 - 9 * i) * size + 63) >> 7);
            int before = at - (i + 1) * step;
            int behind = at + i * step;
            set(samples, before, signed(samples, before) + move);
            set(samples, behind, signed(samples, behind) - move);
        }
    }
}
