package dev.stanstudio.base.image;

/**
 * The frame's settings of the loop filter (RFC 6386, sections 9.4 and 15.1).
 *
 * @param simple whether it is the simple one, which leaves colours alone
 * @param level 0 to 63, 0 for none
 * @param sharpness 0 to 7
 * @param intraDelta added to the level of each macroblock of a key frame
 * @param subblockDelta added besides where subblocks are predicted by themselves
 */
record Vp8FilterHeader(
        boolean simple, int level, int sharpness, int intraDelta, int subblockDelta) {
    private static final int DELTAS = 4;
    private static final int MAX_LEVEL = 63;

    static Vp8FilterHeader read(Vp8Bits in) {
        boolean simple = in.flag();
        int level = in.number(6);
        int sharpness = in.number(3);
        boolean adjusted = in.flag();
        if (!adjusted || !in.flag()) {
            return new Vp8FilterHeader(simple, level, sharpness, 0, 0);
        }
        int intra = firstDelta(in);
        return new Vp8FilterHeader(simple, level, sharpness, intra, firstDelta(in));
    }

    /** Reads the deltas of the reference frames or modes, of which a key frame has the first. */
    private static int firstDelta(Vp8Bits in) {
        int first = in.optional(6);
        for (int i = 1; i < DELTAS; i++) {
            in.optional(6);
        }
        return first;
    }

    /** Returns the limits of a segment's macroblocks (section 9.4). */
    Vp8FilterLimits limits(Vp8Segments segments, int segment, boolean subblocks) {
        int own =
                segments.filterLevel(segment, level) + intraDelta + (subblocks ? subblockDelta : 0);
        return Vp8FilterLimits.of(Math.max(0, Math.min(MAX_LEVEL, own)), sharpness);
    }
}
