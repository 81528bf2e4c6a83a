package dev.stanstudio.base.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Modes of a macroblock, read one after the other in the rows' order (RFC 6386, sections 10 and
 * 11). Not thread-safe.
 */
final class Vp8Macroblock {
    private static final int SIDE = 4;

    private final Vp8Header header;

    /** Modes of the lowest subblocks above and of the last to the left. */
    private final Vp8SubblockMode[] above;

    private final Vp8SubblockMode[] left = new Vp8SubblockMode[SIDE];
    private final Vp8SubblockMode[] subblocks = new Vp8SubblockMode[SIDE * SIDE];
    private int segment;
    private boolean skipped;
    private @Nullable Vp8BlockMode luma;
    private Vp8BlockMode chroma = Vp8BlockMode.MEAN;

    /**
     * @param columns of macroblocks
     */
    Vp8Macroblock(Vp8Header header, int columns) {
        this.header = header;
        this.above = new Vp8SubblockMode[SIDE * columns];
        Arrays.fill(above, Vp8SubblockMode.MEAN);
    }

    void startRow() {
        Arrays.fill(left, Vp8SubblockMode.MEAN);
    }

    /** Reads the modes of the next macroblock, which is in a column. */
    void read(int column) {
        Vp8Bits in = header.modes();
        segment = header.segments().segment(in);
        skipped = header.skipProbability() >= 0 && in.read(header.skipProbability());
        luma = Vp8BlockMode.readLuma(in);
        if (luma == null) {
            readSubblocks(in, SIDE * column);
        } else {
            Arrays.fill(left, luma.similar());
            Arrays.fill(above, SIDE * column, SIDE * column + SIDE, luma.similar());
        }
        chroma = Vp8BlockMode.readChroma(in);
    }

    private void readSubblocks(Vp8Bits in, int first) {
        for (int i = 0; i < subblocks.length; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            Vp8SubblockMode mode = Vp8SubblockMode.read(in, above[first + x], left[y]);
            above[first + x] = mode;
            left[y] = mode;
            subblocks[i] = mode;
        }
    }

    int segment() {
        return segment;
    }

    /** Returns true if it has no coefficients. */
    boolean skipped() {
        return skipped;
    }

    /** The mode of luma, null where each subblock has its own. */
    @Nullable Vp8BlockMode luma() {
        return luma;
    }

    /** The mode of the subblock of that number, of 16 in rows. */
    Vp8SubblockMode subblock(int number) {
        return subblocks[number];
    }

    Vp8BlockMode chroma() {
        return chroma;
    }
}
