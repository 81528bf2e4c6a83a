package dev.stanstudio.base.image;

/** Reads the coefficients of blocks by the frame's probabilities (RFC 6386, section 13). */
final class Vp8Tokens {
    /** Kinds of blocks (section 13.3). */
    static final int LUMA_WITHOUT_FIRST = 0;

    static final int SECOND = 1;
    static final int CHROMA = 2;
    static final int LUMA = 3;

    private static final int COUNT = 16;
    private static final int PER_CONTEXT = 11;
    private static final int PER_BAND = 3 * PER_CONTEXT;
    private static final int PER_KIND = 8 * PER_BAND;

    /** Bands of the places of coefficients; behind the last nothing is read. */
    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};

    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

    /** Probabilities of the further bits of large values, categories 3 to 6 (section 13.2). */
    private static final int[][] FURTHER_BITS = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    private static final int[] DEFAULTS = Vp8DefaultTokens.values();
    private static final int[] UPDATES = Vp8TokenUpdates.values();

    private final int[] probabilities;

    private Vp8Tokens(int[] probabilities) {
        this.probabilities = probabilities;
    }

    /** Reads the probabilities that differ from the defaults (section 13.4). */
    static Vp8Tokens read(Vp8Bits in) {
        int[] probabilities = DEFAULTS.clone();
        for (int i = 0; i < probabilities.length; i++) {
            if (in.read(UPDATES[i])) {
                probabilities[i] = in.number(8);
            }
        }
        return new Vp8Tokens(probabilities);
    }

    private static int place(int kind, int coefficient, int context) {
        return kind * PER_KIND + BANDS[coefficient] * PER_BAND + context * PER_CONTEXT;
    }

    /**
     * Reads a block, multiplied by its factors, into zeros.
     *
     * @param context how many of the blocks above and to the left have coefficients
     * @return the place behind the last coefficient that is coded
     */
    int read(
            Vp8Bits in, int kind, int context, Vp8Quantiser.Factors factors, short[] into, int at) {
        int i = kind == LUMA_WITHOUT_FIRST ? 1 : 0;
        int p = place(kind, i, context);
        while (i < COUNT && in.read(probabilities[p])) {
            while (!in.read(probabilities[p + 1])) {
                i++;
                if (i == COUNT) {
                    return COUNT;
                }
                p = place(kind, i, 0);
            }
            int size = in.read(probabilities[p + 2]) ? large(in, p) : 1;
            int factor = i == 0 ? factors.first() : factors.other();
            into[at + ZIGZAG[i]] = (short) ((in.flag() ? -size : size) * factor);
            i++;
            p = place(kind, i, size == 1 ? 1 : 2);
        }
        return i;
    }

    /** Reads a value of 2 and more. */
    private int large(Vp8Bits in, int p) {
        if (!in.read(probabilities[p + 3])) {
            if (!in.read(probabilities[p + 4])) {
                return 2;
            }
            return in.read(probabilities[p + 5]) ? 4 : 3;
        }
        if (!in.read(probabilities[p + 6])) {
            if (!in.read(probabilities[p + 7])) {
                return in.read(159) ? 6 : 5;
            }
            return 7 + (in.read(165) ? 2 : 0) + (in.read(145) ? 1 : 0);
        }
        int high = in.read(probabilities[p + 8]) ? 1 : 0;
        int category = 2 * high + (in.read(probabilities[p + 9 + high]) ? 1 : 0);
        int further = 0;
        for (int probability : FURTHER_BITS[category]) {
            further = (further << 1) | (in.read(probability) ? 1 : 0);
        }
        return 3 + (8 << category) + further;
    }
}
