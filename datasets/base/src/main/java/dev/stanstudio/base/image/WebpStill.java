package dev.stanstudio.base.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A WebP without animation: its chunk of pixels and, for lossy ones, of alpha. */
final class WebpStill {
    /** Two arrays of whole pixels and the picture's samples. */
    static final int BYTES_PER_PIXEL = 12;

    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXTENDED = 10;

    private record Chunk(int start, int end) {
        static final Chunk NONE = new Chunk(0, 0);
    }

    private final byte[] file;
    private final ByteBuffer in;
    private Chunk extended = Chunk.NONE;
    private Chunk alpha = Chunk.NONE;
    private Chunk pixels = Chunk.NONE;
    private boolean lossless;
    private int width;
    private int height;

    private WebpStill(byte[] file) {
        this.file = file;
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @param file whose chunks lie within it
     * @throws IOException when it has neither pixels nor a canvas, or states several sizes
     */
    static WebpStill of(byte[] file) throws IOException {
        WebpStill still = new WebpStill(file);
        still.findChunks();
        still.readSize();
        return still;
    }

    private void findChunks() {
        long next = HEADER;
        while (next + CHUNK_HEADER <= file.length && pixels.end == 0) {
            int at = (int) next;
            if (at > HEADER && extended.end == 0) {
                return; // A file without a canvas has its pixels first.
            }
            String name = new String(file, at, 4, StandardCharsets.US_ASCII);
            long length = Integer.toUnsignedLong(in.getInt(at + 4));
            next = at + CHUNK_HEADER + length + (length & 1);
            int start = at + CHUNK_HEADER;
            Chunk chunk = new Chunk(start, (int) Math.min(file.length, start + length));
            switch (name) {
                case "VP8X" -> extended = at == HEADER ? chunk : extended;
                case "ALPH" -> alpha = extended.end > 0 && alpha.end == 0 ? chunk : alpha;
                case "VP8 ", "VP8L" -> {
                    // The padding byte counts as data for libwebp, which some files need.
                    pixels = new Chunk(start, (int) Math.min(file.length, next));
                    lossless = name.equals("VP8L");
                }
                default -> {
                    // Profiles, remarks and what later versions may add.
                }
            }
        }
    }

    /** The size of a file without pixels, as animations are, is that of its canvas. */
    private void readSize() throws IOException {
        boolean canvas = extended.end - extended.start >= EXTENDED;
        int canvasWidth = canvas ? (in.getInt(extended.start + 4) & 0xFFFFFF) + 1 : 0;
        int canvasHeight = canvas ? (in.getInt(extended.start + 6) >>> 8) + 1 : 0;
        if (pixels.end == 0 && !canvas) {
            throw new IOException("it has no pixel data");
        }
        if (pixels.end > 0) {
            readOwnSize();
        } else {
            width = canvasWidth;
            height = canvasHeight;
        }
        if (canvas && (canvasWidth != width || canvasHeight != height)) {
            throw new IOException(
                    "it states %dx%d pixels and holds %dx%d"
                            .formatted(canvasWidth, canvasHeight, width, height));
        }
    }

    private void readOwnSize() throws IOException {
        int wanted = lossless ? 5 : 10;
        if (pixels.end - pixels.start < wanted) {
            throw new IOException("its pixel data end early");
        }
        int sides = in.getInt(pixels.start + wanted - 4);
        width = lossless ? (sides & 0x3FFF) + 1 : sides & 0x3FFF;
        height = lossless ? (sides >> 14 & 0x3FFF) + 1 : sides >> 16 & 0x3FFF;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    Picture read() throws IOException {
        if (pixels.end == 0) {
            throw new IOException("it has no pixel data");
        }
        return lossless ? WebpLossless.picture(file, pixels.start, pixels.end) : lossy();
    }

    private Picture lossy() throws IOException {
        PixelMode mode = alpha.end == 0 ? PixelMode.RGB : PixelMode.RGBA;
        int count = Math.multiplyExact(width, height);
        byte[] samples = new byte[Math.multiplyExact(count, mode.channels())];
        Vp8Decoder.decode(file, pixels.start, pixels.end, samples, mode.channels());
        if (alpha.end > 0) {
            byte[] levels = WebpAlpha.read(file, alpha.start, alpha.end, width, height);
            for (int i = 0; i < count; i++) {
                samples[4 * i + 3] = levels[i];
            }
        }
        return Picture.adopt(width, height, mode, samples);
    }
}
