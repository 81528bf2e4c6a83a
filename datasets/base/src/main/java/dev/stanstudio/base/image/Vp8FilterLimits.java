package dev.stanstudio.base.image;

/**
 * Differences between neighbouring samples up to which the loop filter takes an edge for one that
 * compression made (RFC 6386, sections 15.2 to 15.4).
 *
 * @param edge of the edges within a macroblock, 0 to filter none
 * @param interior of neighbours on the same side
 * @param variance above which neighbours on a side make it a strong contrast
 */
record Vp8FilterLimits(int edge, int interior, int variance) {
    private static final int OUTER = 4;

    private static final Vp8FilterLimits NONE = new Vp8FilterLimits(0, 0, 0);

    /** Returns the limits of a level of 0 to 63 and a sharpness of 0 to 7. */
    static Vp8FilterLimits of(int level, int sharpness) {
        if (level == 0) {
            return NONE;
        }
        int interior = level;
        if (sharpness > 0) {
            interior = Math.min(level >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        interior = Math.max(interior, 1);
        return new Vp8FilterLimits(
                2 * level + interior, interior, level >= 40 ? 2 : level >= 15 ? 1 : 0);
    }

    /** Returns the limit of the edges of macroblocks. */
    int outerEdge() {
        return edge + OUTER;
    }

    boolean isNone() {
        return edge == 0;
    }
}
