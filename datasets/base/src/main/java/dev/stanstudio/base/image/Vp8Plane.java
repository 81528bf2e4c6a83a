package dev.stanstudio.base.image;

import java.util.Arrays;

/**
 * Samples of luma or of one chroma, with a margin that stands for neighbours beyond the picture
 * (RFC 6386, section 12): 127 above, 129 to the left. Not thread-safe.
 */
final class Vp8Plane {
    /** Samples beyond the right side, which predict the last subblocks of a row. */
    private static final int RIGHT = 4;

    private static final byte ABOVE = 127;
    private static final byte LEFT = (byte) 129;

    private final int width;
    private final int stride;
    private final byte[] samples;

    /** A plane of whole macroblocks. */
    Vp8Plane(int width, int height) {
        this.width = width;
        this.stride = 1 + width + RIGHT;
        this.samples = new byte[Math.multiplyExact(stride, height + 1)];
        Arrays.fill(samples, 0, stride, ABOVE);
        for (int y = 0; y < height; y++) {
            samples[at(-1, y)] = LEFT;
        }
    }

    /** The samples themselves, at {@link #at}. */
    byte[] samples() {
        return samples;
    }

    int stride() {
        return stride;
    }

    /** Returns the place of a sample; -1 is the margin above or to the left. */
    int at(int x, int y) {
        return (y + 1) * stride + x + 1;
    }

    int get(int at) {
        return samples[at] & 0xFF;
    }

    /** Sets a sample to the nearest of 0 to 255. */
    void set(int at, int value) {
        samples[at] = (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    /** Repeats the last sample of a row in the margin (section 12.3). */
    void extend(int y) {
        int behind = at(width, y);
        Arrays.fill(samples, behind, behind + RIGHT, samples[behind - 1]);
    }
}
