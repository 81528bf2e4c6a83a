package dev.stanstudio.base.image;

import java.util.Arrays;

/**
 * Coefficients of the macroblock that is being decoded: 16 blocks of luma, 4 of each chroma (RFC
 * 6386, sections 13 and 14). Not thread-safe.
 */
final class Vp8Residue {
    private static final int BLOCK = 16;
    private static final int LUMA_BLOCKS = 16;
    private static final int BLOCKS = 24;
    private static final int SECOND = BLOCKS * BLOCK;

    /** Contexts of a column: of luma, of two chromas and of the second block. */
    private static final int CONTEXTS = 9;

    private static final int CHROMA_CONTEXTS = 4;
    private static final int SECOND_CONTEXT = 8;

    private final Vp8Tokens tokens;
    private final short[] coefficients = new short[SECOND + BLOCK];

    /** Place behind each block's last coefficient. */
    private final int[] ends = new int[BLOCKS];

    private final byte[] above;
    private final byte[] left = new byte[CONTEXTS];
    private boolean any;

    Vp8Residue(Vp8Tokens tokens, int columns) {
        this.tokens = tokens;
        this.above = new byte[CONTEXTS * columns];
    }

    void startRow() {
        Arrays.fill(left, (byte) 0);
    }

    /** Skips a macroblock without coefficients; only others report a second block. */
    void skip(int column, boolean second) {
        int kept = second ? CONTEXTS : SECOND_CONTEXT;
        Arrays.fill(left, 0, kept, (byte) 0);
        Arrays.fill(above, CONTEXTS * column, CONTEXTS * column + kept, (byte) 0);
        Arrays.fill(ends, 0);
        Arrays.fill(coefficients, (short) 0);
        any = false;
    }

    /**
     * Reads a macroblock's coefficients.
     *
     * @param second whether the first coefficients of luma are in a block of their own
     */
    void read(Vp8Bits in, int column, boolean second, Vp8Quantiser quantiser) {
        Arrays.fill(coefficients, (short) 0);
        int context = CONTEXTS * column;
        if (second) {
            readSecond(in, context, quantiser.second());
        }
        int kind = second ? Vp8Tokens.LUMA_WITHOUT_FIRST : Vp8Tokens.LUMA;
        readBlocks(in, kind, 0, 4, context, 0, quantiser.luma());
        for (int chroma = 0; chroma < 2; chroma++) {
            int contexts = CHROMA_CONTEXTS + 2 * chroma;
            int block = LUMA_BLOCKS + 4 * chroma;
            readBlocks(in, Vp8Tokens.CHROMA, block, 2, context, contexts, quantiser.chroma());
        }
        any = false;
        for (int block = 0; block < BLOCKS; block++) {
            any |= ends[block] > 1 || coefficients[block * BLOCK] != 0;
        }
    }

    private void readSecond(Vp8Bits in, int context, Vp8Quantiser.Factors factors) {
        int nearby = above[context + SECOND_CONTEXT] + left[SECOND_CONTEXT];
        int end = tokens.read(in, Vp8Tokens.SECOND, nearby, factors, coefficients, SECOND);
        byte has = (byte) (end > 0 ? 1 : 0);
        above[context + SECOND_CONTEXT] = has;
        left[SECOND_CONTEXT] = has;
        Vp8Transform.spread(coefficients, SECOND, BLOCK);
    }

    private void readBlocks(
            Vp8Bits in,
            int kind,
            int firstBlock,
            int side,
            int column,
            int contexts,
            Vp8Quantiser.Factors factors) {
        int uncoded = kind == Vp8Tokens.LUMA_WITHOUT_FIRST ? 1 : 0;
        for (int i = 0; i < side * side; i++) {
            int over = column + contexts + i % side;
            int beside = contexts + i / side;
            int block = firstBlock + i;
            int nearby = above[over] + left[beside];
            int end = tokens.read(in, kind, nearby, factors, coefficients, block * BLOCK);
            byte has = (byte) (end > uncoded ? 1 : 0);
            above[over] = has;
            left[beside] = has;
            ends[block] = end;
        }
    }

    /** Returns true if the macroblock has coefficients. */
    boolean any() {
        return any;
    }

    /** Adds a block to what was predicted at a place (section 14.5). */
    void add(int block, Vp8Plane plane, int at) {
        if (ends[block] > 1) {
            Vp8Transform.add(coefficients, block * BLOCK, plane, at);
        } else if (coefficients[block * BLOCK] != 0) {
            Vp8Transform.addFirst(coefficients[block * BLOCK], plane, at);
        }
    }
}
