package dev.stanstudio.datasets.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The pixels of a lossy WebP as a file of their own, which its decoder reads; reading behind them
 * fails, where the decoder would take zeros or the next partition.
 */
final class WebpImageData extends MemoryCacheImageInputStream {
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;

    /** The decoder is this far ahead of the bits that it takes. */
    private static final int LEAD = 1;

    private static final int VP8_HEADER = 10;

    /** Place of the first partition. */
    private final int partitionStart = HEADER + CHUNK_HEADER + VP8_HEADER;

    private final int partitionEnd;
    private boolean inPartition;

    private WebpImageData(byte[] bytes, int firstPartition) {
        super(new ByteArrayInputStream(bytes));
        this.partitionEnd = partitionStart + firstPartition;
    }

    /**
     * Wraps the data of a chunk {@code VP8}.
     *
     * @throws IOException when their header contradicts itself (RFC 6386, section 9.1: the frame's
     *     tag, start code and first partition)
     */
    static WebpImageData of(byte[] file, int start, int end) throws IOException {
        int length = end - start;
        if (length < VP8_HEADER) {
            throw new IOException("its pixel data end early");
        }
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int firstPartition = (in.getInt(start) & 0xFFFFFF) >> 5;
        if (file[start + 3] != (byte) 0x9D || file[start + 4] != 1 || file[start + 5] != 0x2A) {
            throw new IOException("its pixel data do not begin with a start code");
        }
        if (firstPartition > length - VP8_HEADER) {
            throw new IOException("its pixel data end early, within their first partition");
        }
        int even = length + (length & 1);
        byte[] bytes = new byte[HEADER + CHUNK_HEADER + even + LEAD];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(bytes.length - 8)
                .put("WEBPVP8 ".getBytes(StandardCharsets.US_ASCII))
                .putInt(length)
                .put(file, start, length);
        return new WebpImageData(bytes, firstPartition);
    }

    /** Every decoder of a partition begins and goes on by seeking. */
    @Override
    public void seek(long position) throws IOException {
        inPartition = position >= partitionStart && position < partitionEnd;
        super.seek(position);
    }

    private boolean isPast(int length) {
        return inPartition && streamPos + length > partitionEnd + LEAD;
    }

    /** No EOFException, for which the decoder takes zeros. */
    private static int require(int result) throws IOException {
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
