package dev.stanstudio.base.image;

/** Smooths the edges of macroblocks and of their subblocks (RFC 6386, section 15). */
final class Vp8LoopFilter {
    private static final int SIDE = Vp8Frame.SIDE;
    private static final int SUBBLOCK = 4;

    /** Flag of macroblocks whose inner edges are filtered, beside the number of their limits. */
    private static final int INNER = 8;

    private final Vp8Frame frame;
    private final boolean used;
    private final boolean simple;

    /** By segment and by whether subblocks have their own modes. */
    private final Vp8FilterLimits[] limits = new Vp8FilterLimits[2 * Vp8Segments.COUNT];

    private final byte[] macroblocks;

    Vp8LoopFilter(Vp8Header header, Vp8Frame frame) {
        this.frame = frame;
        this.used = header.filter().level() > 0;
        this.simple = header.filter().simple();
        this.macroblocks = new byte[frame.columns() * frame.rows()];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = header.filter().limits(header.segments(), i / 2, i % 2 == 1);
        }
    }

    /** Notes what a macroblock needs. */
    void note(int column, int row, Vp8Macroblock macroblock, boolean coefficients) {
        boolean subblocks = macroblock.luma() == null;
        int number = 2 * macroblock.segment() + (subblocks ? 1 : 0);
        boolean inner = subblocks || coefficients;
        macroblocks[row * frame.columns() + column] = (byte) (number | (inner ? INNER : 0));
    }

    /** Filters the frame, macroblock by macroblock, each upright edge before the level ones. */
    void run() {
        for (int i = 0; i < macroblocks.length && used; i++) {
            Vp8FilterLimits own = limits[macroblocks[i] & (INNER - 1)];
            if (!own.isNone()) {
                boolean inner = (macroblocks[i] & INNER) != 0;
                int column = i % frame.columns();
                int row = i / frame.columns();
                filter(frame.luma(), column, row, SIDE, own, inner);
                if (!simple) {
                    filter(frame.blue(), column, row, SIDE / 2, own, inner);
                    filter(frame.red(), column, row, SIDE / 2, own, inner);
                }
            }
        }
    }

    private void filter(
            Vp8Plane plane, int column, int row, int side, Vp8FilterLimits own, boolean inner) {
        int at = plane.at(side * column, side * row);
        int down = plane.stride();
        if (column > 0) {
            smoothOuter(plane, at, 1, down, side, own);
        }
        for (int x = SUBBLOCK; x < side && inner; x += SUBBLOCK) {
            smoothInner(plane, at + x, 1, down, side, own);
        }
        if (row > 0) {
            smoothOuter(plane, at, down, 1, side, own);
        }
        for (int y = SUBBLOCK; y < side && inner; y += SUBBLOCK) {
            smoothInner(plane, at + y * down, down, 1, side, own);
        }
    }

    /**
     * Filters an edge of a macroblock.
     *
     * @param across from a sample to the next on the other side of the edge
     * @param along from a sample to the next on the same side
     */
    private void smoothOuter(
            Vp8Plane plane, int at, int across, int along, int length, Vp8FilterLimits own) {
        byte[] samples = plane.samples();
        for (int i = at; i != at + length * along; i += along) {
            if (simple) {
                Vp8EdgeFilter.simple(samples, i, across, own.outerEdge());
            } else {
                Vp8EdgeFilter.outer(samples, i, across, own);
            }
        }
    }

    /** Filters an edge within a macroblock, as {@link #smoothOuter}. */
    private void smoothInner(
            Vp8Plane plane, int at, int across, int along, int length, Vp8FilterLimits own) {
        byte[] samples = plane.samples();
        for (int i = at; i != at + length * along; i += along) {
            if (simple) {
                Vp8EdgeFilter.simple(samples, i, across, own.edge());
            } else {
                Vp8EdgeFilter.inner(samples, i, across, own);
            }
        }
    }
}
