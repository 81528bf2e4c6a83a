package dev.stanstudio.base.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of a key frame of VP8, and where its other data lie (RFC 6386, sections 9 and 19.2).
 *
 * @param modes the first partition, behind the header
 * @param tokens the partitions of coefficients, of which rows of macroblocks use one each in turn
 * @param quantisers one for each segment
 * @param skipProbability that a macroblock has coefficients, of 256; -1 where all have
 */
record Vp8Header(
        int width,
        int height,
        Vp8Bits modes,
        List<Vp8Bits> tokens,
        Vp8Segments segments,
        Vp8FilterHeader filter,
        List<Vp8Quantiser> quantisers,
        Vp8Tokens coefficients,
        int skipProbability) {
    static final int BYTES = 10;

    private static final int MAX_VERSION = 3;
    private static final int SIDE_MASK = 0x3FFF;

    /**
     * Reads the header from the data of a chunk.
     *
     * @throws IOException when it contradicts itself or the data end early
     */
    static Vp8Header read(byte[] file, int start, int end) throws IOException {
        if (end - start < BYTES) {
            throw new IOException("its pixel data end early");
        }
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int tag = in.getInt(start) & 0xFFFFFF;
        requireKeyFrame(tag);
        if (file[start + 3] != (byte) 0x9D || file[start + 4] != 1 || file[start + 5] != 0x2A) {
            throw new IOException("its pixel data do not begin with a start code");
        }
        int first = start + BYTES;
        if (tag >> 5 > end - first) {
            throw new IOException("its pixel data end early, within their first partition");
        }
        int others = first + (tag >> 5);
        int width = in.getShort(start + 6) & SIDE_MASK;
        int height = in.getShort(start + 8) & SIDE_MASK;
        return read(new Vp8Bits(file, first, others), width, height, file, others, end);
    }

    /** Requires the frame tag of a key frame (section 9.1). */
    private static void requireKeyFrame(int tag) throws IOException {
        if ((tag & 1) != 0) {
            throw new IOException("its pixel data are not a key frame");
        }
        if (((tag >> 1) & 7) > MAX_VERSION) {
            throw new IOException("its pixel data are of an unknown version");
        }
        if (((tag >> 4) & 1) == 0) {
            throw new IOException("its frame is not to be shown");
        }
    }

    /** Reads what is coded bit by bit (section 19.2). */
    private static Vp8Header read(
            Vp8Bits in, int width, int height, byte[] file, int others, int end)
            throws IOException {
        in.number(2); // Kind of colours and of clamping, of which there is one.
        Vp8Segments segments = Vp8Segments.read(in);
        Vp8FilterHeader filter = Vp8FilterHeader.read(in);
        List<Vp8Bits> tokens = partitions(1 << in.number(2), file, others, end);
        List<Vp8Quantiser> quantisers = Vp8Quantiser.read(in, segments);
        in.flag(); // Whether later frames use this one's probabilities.
        Vp8Tokens coefficients = Vp8Tokens.read(in);
        int skip = in.flag() ? in.number(8) : -1;
        in.requireWhole();
        return new Vp8Header(
                width, height, in, tokens, segments, filter, quantisers, coefficients, skip);
    }

    /** Finds the partitions, before which stand the sizes of all but the last (section 9.5). */
    private static List<Vp8Bits> partitions(int count, byte[] file, int sizes, int end)
            throws IOException {
        int at = sizes + 3 * (count - 1);
        List<Vp8Bits> partitions = new ArrayList<>();
        for (int i = 0; i < count - 1 && at < end; i++) {
            int size = sizes + 3 * i;
            int length =
                    (file[size] & 0xFF)
                            | ((file[size + 1] & 0xFF) << 8)
                            | ((file[size + 2] & 0xFF) << 16);
            int next = at + Math.min(length, end - at);
            partitions.add(new Vp8Bits(file, at, next));
            at = next;
        }
        if (at >= end) {
            throw new IOException("its pixel data end early, before their last partition");
        }
        partitions.add(new Vp8Bits(file, at, end));
        return partitions;
    }
}
