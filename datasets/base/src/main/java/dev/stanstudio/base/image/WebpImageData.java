package dev.stanstudio.base.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A still WebP reduced to the chunks that hold its pixels, behind each of which reading fails. The
 * decoder would go on into the next chunk, or take zeros, where the data of one end early.
 */
final class WebpImageData {
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;

    /** The decoder of lossless data is this far ahead of the bits that it takes. */
    private static final int LOSSLESS_LEAD = 8;

    /** The decoder of lossy data is this far ahead. */
    private static final int LOSSY_LEAD = 1;

    /** Longer than any single read of the decoder behind {@link #LOSSLESS_LEAD}. */
    private static final int GUARD = 32;

    private static final int VP8_HEADER = 10;

    private final byte[] file;
    private final ByteBuffer in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int guardStart = -1;

    /** Place of the first partition of lossy data in what is written. */
    private int partitionStart = -1;

    private int partitionEnd = -1;

    private WebpImageData(byte[] file) {
        this.file = file;
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The reduced file; null where it has no chunk of pixels, as animations have none of their own.
     *
     * @param file whose chunks lie within it
     * @throws IOException when the chunk of pixels contradicts itself
     */
    static @Nullable ImageInputStream of(byte[] file) throws IOException {
        return new WebpImageData(file).reduced();
    }

    private @Nullable ImageInputStream reduced() throws IOException {
        out.write(file, 0, HEADER);
        for (long next = HEADER; next + CHUNK_HEADER <= file.length; ) {
            int at = (int) next;
            String name = new String(file, at, 4, StandardCharsets.US_ASCII);
            long length = Integer.toUnsignedLong(in.getInt(at + 4));
            next = at + CHUNK_HEADER + length + (length & 1);
            if (name.equals("VP8X") || name.equals("ALPH")) {
                copy(at, (int) length);
            }
            if (name.equals("ALPH")) {
                guard();
            } else if (name.equals("VP8 ") || name.equals("VP8L")) {
                check(name, at + CHUNK_HEADER, (int) length);
                copy(at, (int) length);
                return stream(name.equals("VP8L") ? LOSSLESS_LEAD : LOSSY_LEAD);
            }
        }
        return null;
    }

    private void copy(int at, int length) {
        out.write(file, at, Math.min(CHUNK_HEADER + length, file.length - at));
        out.write(new byte[length & 1], 0, length & 1);
    }

    /** A chunk that the decoder passes over; its head is as long as the decoder's lead. */
    private void guard() {
        byte[] head =
                ByteBuffer.allocate(CHUNK_HEADER)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put("GARD".getBytes(StandardCharsets.US_ASCII))
                        .putInt(GUARD)
                        .array();
        out.write(head, 0, head.length);
        guardStart = out.size();
        out.write(new byte[GUARD], 0, GUARD);
    }

    /** RFC 6386, section 9.1: the frame's tag, start code and first partition. */
    private void check(String name, int at, int length) throws IOException {
        if (name.equals("VP8L")) {
            return;
        }
        if (length < VP8_HEADER) {
            throw new IOException("its pixel data end early");
        }
        int tag = in.getInt(at) & 0xFFFFFF;
        if (file[at + 3] != (byte) 0x9D || file[at + 4] != 1 || file[at + 5] != 0x2A) {
            throw new IOException("its pixel data do not begin with a start code");
        }
        if (tag >> 5 > length - VP8_HEADER) {
            throw new IOException("its pixel data end early, within their first partition");
        }
        partitionStart = out.size() + CHUNK_HEADER + VP8_HEADER;
        partitionEnd = partitionStart + (tag >> 5);
    }

    private ImageInputStream stream(int lead) {
        int size = out.size();
        out.write(new byte[lead], 0, lead);
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, size - 8);
        return new Guarded(bytes, guardStart, partitionStart, partitionEnd);
    }

    /** Fails at reading from the guard, on from the first partition, and at the end. */
    private static final class Guarded extends MemoryCacheImageInputStream {
        private final int guardStart;
        private final int partitionStart;
        private final int partitionEnd;
        private boolean inPartition;

        Guarded(byte[] bytes, int guardStart, int partitionStart, int partitionEnd) {
            super(new ByteArrayInputStream(bytes));
            this.guardStart = guardStart;
            this.partitionStart = partitionStart;
            this.partitionEnd = partitionEnd;
        }

        /** Every decoder of a partition begins and goes on by seeking. */
        @Override
        public void seek(long position) throws IOException {
            inPartition = position >= partitionStart && position < partitionEnd;
            super.seek(position);
        }

        private boolean isPast(int length) {
            if (inPartition && streamPos + length > partitionEnd + LOSSY_LEAD) {
                return true;
            }
            return guardStart >= 0
                    && streamPos < guardStart + GUARD
                    && streamPos + length > guardStart;
        }

        /** No EOFException, for which the decoder takes zeros. */
        private int require(int result) throws IOException {
            if (result < 0) {
                throw new IOException("its pixel data end early");
            }
            return result;
        }

        @Override
        public int read() throws IOException {
            return require(isPast(1) ? -1 : super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return require(isPast(length) ? -1 : super.read(bytes, offset, length));
        }
    }
}
