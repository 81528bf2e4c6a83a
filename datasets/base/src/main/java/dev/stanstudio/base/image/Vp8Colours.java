package dev.stanstudio.base.image;

/**
 * Makes red, green and blue of a frame's planes as libwebp does: each pixel's chroma is a mean of
 * the four nearest samples by 9, 3, 3 and 1 sixteenths, and the colours are those of ITU-R BT.601
 * of 16 to 235 in fixed point. RFC 6386 (section 9.2) leaves both open. Not thread-safe.
 */
final class Vp8Colours {
    /** Factors of 14 bits behind the point, of which the products keep 6. */
    private static final int LUMA = 19077;

    private static final int RED_OF_RED = 26149;
    private static final int GREEN_OF_BLUE = 6419;
    private static final int GREEN_OF_RED = 13320;
    private static final int BLUE_OF_BLUE = 33050;
    private static final int RED_OFFSET = -14234;
    private static final int GREEN_OFFSET = 8708;
    private static final int BLUE_OFFSET = -17685;

    private final Vp8Frame frame;
    private final int width;
    private final int height;
    private final int[] blue;
    private final int[] red;

    Vp8Colours(Vp8Frame frame, int width, int height) {
        this.frame = frame;
        this.width = width;
        this.height = height;
        this.blue = new int[width];
        this.red = new int[width];
    }

    /** Writes the first three channels of each pixel. */
    void write(byte[] samples, int channels) {
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int last = (height - 1) / 2;
            int far = Math.max(0, Math.min(last, y % 2 == 0 ? near - 1 : near + 1));
            widen(frame.blue(), near, far, blue);
            widen(frame.red(), near, far, red);
            write(y, samples, channels);
        }
    }

    /** Interpolates a row of chroma between its own row and the next nearest one. */
    private void widen(Vp8Plane plane, int nearRow, int farRow, int[] out) {
        int near = plane.at(0, nearRow);
        int far = plane.at(0, farRow);
        out[0] = (3 * plane.get(near) + plane.get(far) + 2) >> 2;
        int last = (width - 1) / 2;
        for (int i = 1; i <= last; i++) {
            int nearLeft = plane.get(near + i - 1);
            int nearRight = plane.get(near + i);
            int farLeft = plane.get(far + i - 1);
            int farRight = plane.get(far + i);
            int sum = nearLeft + nearRight + farLeft + farRight + 8;
            out[2 * i - 1] = (((sum + 2 * (nearRight + farLeft)) >> 3) + nearLeft) >> 1;
            out[2 * i] = (((sum + 2 * (nearLeft + farRight)) >> 3) + nearRight) >> 1;
        }
        if (width % 2 == 0) {
            out[width - 1] = (3 * plane.get(near + last) + plane.get(far + last) + 2) >> 2;
        }
    }

    private void write(int y, byte[] samples, int channels) {
        int from = frame.luma().at(0, y);
        int to = y * width * channels;
        for (int x = 0; x < width; x++, to += channels) {
            int grey = (frame.luma().get(from + x) * LUMA) >> 8;
            samples[to] = level(grey + ((red[x] * RED_OF_RED) >> 8) + RED_OFFSET);
            int less = ((blue[x] * GREEN_OF_BLUE) >> 8) + ((red[x] * GREEN_OF_RED) >> 8);
            samples[to + 1] = level(grey - less + GREEN_OFFSET);
            samples[to + 2] = level(grey + ((blue[x] * BLUE_OF_BLUE) >> 8) + BLUE_OFFSET);
        }
    }

    private static byte level(int value) {
        return (byte) Math.max(0, Math.min(255, value >> 6));
    }
}
