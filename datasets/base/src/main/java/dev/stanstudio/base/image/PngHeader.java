package dev.stanstudio.base.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * Describes the samples of a PNG as its IHDR chunk does (PNG specification, 11.2.1).
 *
 * @param bitDepth bits per sample: 1, 2, 4, 8 or 16
 * @param colourType {@link #GREY}, {@link #TRUECOLOUR}, {@link #PALETTE} or the first two plus
 *     {@link #ALPHA}
 */
record PngHeader(int bitDepth, int colourType) {

    static final int GREY = 0;
    static final int TRUECOLOUR = 2;
    static final int PALETTE = 3;
    static final int ALPHA = 4;

    private static final int OFFSET_OF_BIT_DEPTH = 24;

    /** Reads the two bytes and leaves the stream at its start. */
    static PngHeader peek(ImageInputStream in) throws IOException {
        in.seek(OFFSET_OF_BIT_DEPTH);
        PngHeader header = new PngHeader(in.readUnsignedByte(), in.readUnsignedByte());
        in.seek(0);
        return header;
    }

    /** Bytes of memory that decoding takes for each pixel, and what is made of it. */
    int decodingBytes() {
        int channels = colourType == GREY || colourType == PALETTE ? 1 : mode().channels();
        int stored = bitDepth == 16 ? 2 * channels : channels;
        return stored + 2 * Math.max(channels, 3);
    }

    /** The mode of the decoded picture; a {@code tRNS} chunk does not add alpha. */
    PixelMode mode() {
        return switch (colourType) {
            case GREY -> bitDepth == 1 ? PixelMode.BILEVEL : PixelMode.GREY;
            case TRUECOLOUR -> PixelMode.RGB;
            case PALETTE -> PixelMode.PALETTE;
            case GREY + ALPHA -> PixelMode.GREY_ALPHA;
            case TRUECOLOUR + ALPHA -> PixelMode.RGBA;
            default -> throw new IllegalArgumentException("PNG colour type " + colourType);
        };
    }
}
