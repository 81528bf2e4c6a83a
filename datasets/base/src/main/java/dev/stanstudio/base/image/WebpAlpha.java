package dev.stanstudio.base.image;

import java.io.IOException;

/** Decodes the alpha of a lossy WebP, its ALPH chunk (RFC 9649, section 2.7.1.2). */
final class WebpAlpha {
    private static final int PLAIN = 0;
    private static final int LOSSLESS = 1;
    private static final int LEFT = 1;
    private static final int ABOVE = 2;

    private WebpAlpha() {}

    /** Returns the alpha of {@code width} times {@code height} pixels. */
    static byte[] read(byte[] file, int start, int end, int width, int height) throws IOException {
        if (start >= end) {
            throw new IOException("its alpha is empty");
        }
        int head = file[start];
        int compression = head & 3;
        byte[] alpha = new byte[Math.multiplyExact(width, height)];
        if (compression == PLAIN) {
            if (end - start - 1 < alpha.length) {
                throw new IOException("its alpha ends early");
            }
            System.arraycopy(file, start + 1, alpha, 0, alpha.length);
        } else if (compression == LOSSLESS) {
            int[] pixels = WebpLossless.pixels(new WebpBits(file, start + 1, end), width, height);
            for (int i = 0; i < alpha.length; i++) {
                alpha[i] = (byte) (pixels[i] >> 8);
            }
        } else {
            throw new IOException("its alpha is of an unknown compression");
        }
        addUp(alpha, width, head >> 2 & 3);
        return alpha;
    }

    /** Undoes the filter: values are differences to those predicted from neighbours. */
    private static void addUp(byte[] alpha, int width, int filter) {
        for (int i = 1; i < alpha.length && filter != 0; i++) {
            int left = i % width == 0 ? alpha[i - width] : alpha[i - 1];
            int expected = left;
            if (i >= width && i % width != 0) {
                int above = alpha[i - width] & 0xFF;
                expected =
                        switch (filter) {
                            case LEFT -> left;
                            case ABOVE -> above;
                            default -> gradient(left & 0xFF, above, alpha[i - width - 1] & 0xFF);
                        };
            }
            alpha[i] = (byte) (alpha[i] + expected);
        }
    }

    private static int gradient(int left, int above, int corner) {
        return Math.max(0, Math.min(255, left + above - corner));
    }
}
