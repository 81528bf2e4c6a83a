package dev.stanstudio.base.image;

import org.jspecify.annotations.Nullable;

/**
 * A JPEG's frame header (ITU-T T.81, B.2.2).
 *
 * @param marker 0xC0 to 0xCF; the process
 * @param bits per sample
 * @param names the components' identifiers
 */
record JpegFrame(int marker, int bits, int width, int height, int components, String names) {
    private static final int FIRST = 0xC0;
    private static final int LAST = 0xCF;
    private static final int HEADER_BYTES = 6;
    private static final int PROGRESSIVE = 0xC2;
    private static final int LOSSLESS = 0xC3;
    private static final int ARITHMETIC = 0xC9;
    private static final int ARITHMETIC_PROGRESSIVE = 0xCA;
    private static final int LOSSLESS_ARITHMETIC = 0xCB;

    /** The frame of a segment, or null where it is none or too short. */
    static @Nullable JpegFrame of(int marker, byte[] body) {
        boolean tables = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
        if (marker < FIRST || marker > LAST || tables || body.length < HEADER_BYTES) {
            return null;
        }
        int components = body[5] & 0xFF;
        StringBuilder names = new StringBuilder();
        for (int at = HEADER_BYTES; at + 3 <= body.length && names.length() < components; at += 3) {
            names.append((char) (body[at] & 0xFF));
        }
        return new JpegFrame(
                marker,
                body[0] & 0xFF,
                number(body, 3),
                number(body, 1),
                components,
                names.toString());
    }

    private static int number(byte[] body, int at) {
        return ((body[at] & 0xFF) << 8) + (body[at + 1] & 0xFF);
    }

    boolean isNamedRgb() {
        return names.equals("RGB");
    }

    /** The reason why the frame is not decoded, or null where it is. */
    @Nullable String refusal() {
        if (bits != 8) {
            return "a JPEG with samples of " + bits + " bits";
        }
        if (marker == LOSSLESS || marker == LOSSLESS_ARITHMETIC) {
            return "a lossless JPEG";
        }
        if (marker > PROGRESSIVE && marker != ARITHMETIC && marker != ARITHMETIC_PROGRESSIVE) {
            return "a hierarchical JPEG";
        }
        if (components != 1 && components != 3 && components != 4) {
            return "a JPEG of " + components + " components";
        }
        return height == 0 ? "a JPEG that states its height behind its pixels" : null;
    }
}
