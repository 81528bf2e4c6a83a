package dev.stanstudio.base.image;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decodes the data of a lossless WebP chunk, VP8L (RFC 9649, section 3). Numbers beyond a palette
 * stand for transparent black, which libwebp writes wherever it can.
 */
final class WebpLossless {
    private static final int SIGNATURE = 0x2F;
    private static final int PREDICTOR = 0;
    private static final int COLOUR = 1;
    private static final int GREEN = 2;

    private final WebpBits in;
    private final int height;

    /** Of what is coded: a palette of few colours puts several pixels into one. */
    private int width;

    private final Deque<WebpTransform> transforms = new ArrayDeque<>();

    private WebpLossless(WebpBits in, int width, int height) {
        this.in = in;
        this.width = width;
        this.height = height;
    }

    /** Decodes a chunk's data, which begin with a header; alpha only where that announces it. */
    static Picture picture(byte[] file, int start, int end) throws IOException {
        WebpBits in = new WebpBits(file, start, end);
        if (in.read(8) != SIGNATURE) {
            throw new IOException("its pixel data do not begin with a signature");
        }
        int width = in.read(14) + 1;
        int height = in.read(14) + 1;
        boolean alpha = in.flag();
        if (in.read(3) != 0) {
            throw new IOException("its pixel data are of an unknown version");
        }
        int[] pixels = pixels(in, width, height);
        int channels = alpha ? 4 : 3;
        byte[] samples = new byte[Math.multiplyExact(pixels.length, channels)];
        for (int i = 0; i < pixels.length; i++) {
            samples[channels * i] = (byte) (pixels[i] >> 16);
            samples[channels * i + 1] = (byte) (pixels[i] >> 8);
            samples[channels * i + 2] = (byte) pixels[i];
            if (alpha) {
                samples[channels * i + 3] = (byte) (pixels[i] >> 24);
            }
        }
        return Picture.adopt(width, height, alpha ? PixelMode.RGBA : PixelMode.RGB, samples);
    }

    /** Decodes data without a header: alpha, red, green, blue of the pixels, row by row. */
    static int[] pixels(WebpBits in, int width, int height) throws IOException {
        return new WebpLossless(in, width, height).pixels();
    }

    private int[] pixels() throws IOException {
        int seen = 0;
        while (in.flag()) {
            int kind = in.read(2);
            if ((seen >> kind & 1) == 1) {
                throw new IOException("it states a transform twice");
            }
            seen |= 1 << kind;
            transforms.push(transform(kind));
        }
        int[] pixels = WebpEntropy.read(in, width, height, true);
        for (WebpTransform transform : transforms) {
            pixels = transform.undo(pixels);
        }
        return pixels;
    }

    private WebpTransform transform(int kind) throws IOException {
        if (kind == GREEN) {
            return WebpTransform.GREEN;
        }
        if (kind == PREDICTOR || kind == COLOUR) {
            int bits = in.read(3) + 2;
            int across = WebpEntropy.blocks(width, bits);
            int[] blocks = WebpEntropy.read(in, across, WebpEntropy.blocks(height, bits), false);
            WebpTransform.Blocks of = new WebpTransform.Blocks(blocks, bits, across, width);
            return kind == PREDICTOR ? new WebpPredictors(of) : new WebpTransform.Colours(of);
        }
        int size = in.read(8) + 1;
        int[] palette = WebpEntropy.read(in, size, 1, false);
        int shared = size > 16 ? 0 : size > 4 ? 1 : size > 2 ? 2 : 3;
        int whole = width;
        width = WebpEntropy.blocks(width, shared);
        return WebpTransform.Palette.ofDifferences(palette, shared, whole, height);
    }
}
