package dev.stanstudio.base.image;

import java.util.Arrays;

/**
 * Up to four kinds of macroblocks, each with its own quantiser and strength of the loop filter (RFC
 * 6386, sections 9.3 and 10).
 */
final class Vp8Segments {
    static final int COUNT = 4;

    private static final int CERTAIN = 255;

    private final int[] quantisers = new int[COUNT];
    private final int[] filterLevels = new int[COUNT];
    private final int[] probabilities = new int[COUNT - 1];
    private boolean used;
    private boolean mapped;
    private boolean absolute = true;

    private Vp8Segments() {
        Arrays.fill(probabilities, CERTAIN);
    }

    static Vp8Segments read(Vp8Bits in) {
        Vp8Segments segments = new Vp8Segments();
        segments.used = in.flag();
        if (segments.used) {
            segments.mapped = in.flag();
            if (in.flag()) {
                segments.readValues(in);
            }
            if (segments.mapped) {
                segments.readProbabilities(in);
            }
        }
        return segments;
    }

    private void readValues(Vp8Bits in) {
        absolute = in.flag();
        Arrays.setAll(quantisers, i -> in.optional(7));
        Arrays.setAll(filterLevels, i -> in.optional(6));
    }

    private void readProbabilities(Vp8Bits in) {
        Arrays.setAll(probabilities, i -> in.flag() ? in.number(8) : CERTAIN);
    }

    /** Reads the segment of a macroblock. */
    int segment(Vp8Bits in) {
        if (!mapped) {
            return 0;
        }
        return in.read(probabilities[0])
                ? in.read(probabilities[2]) ? 3 : 2
                : in.read(probabilities[1]) ? 1 : 0;
    }

    /** Returns a segment's index of quantisers, {@code frame} being that of the whole frame. */
    int quantiser(int segment, int frame) {
        return adjusted(quantisers[segment], frame);
    }

    /** Returns a segment's level of the loop filter, as {@link #quantiser}. */
    int filterLevel(int segment, int frame) {
        return adjusted(filterLevels[segment], frame);
    }

    private int adjusted(int own, int frame) {
        if (!used) {
            return frame;
        }
        return absolute ? own : own + frame;
    }
}
