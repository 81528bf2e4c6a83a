package dev.stanstudio.base.image;

import java.io.IOException;

/** The bits of lossless WebP data, the lowest of a byte first (RFC 9649, section 3). */
final class WebpBits {
    private final byte[] bytes;
    private final int end;
    private int next;
    private long held;
    private int count;

    /**
     * @param end behind the last byte, within {@code bytes}
     */
    WebpBits(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.next = start;
        this.end = end;
    }

    private void fill() {
        while (count <= 48 && next < end) {
            held |= (bytes[next++] & 0xFFL) << count;
            count += 8;
        }
    }

    /** The next bits, up to 15 of them, without consuming them; zeros behind the last. */
    int peek() {
        if (count < 15) {
            fill();
        }
        return (int) held & 0x7FFF;
    }

    /**
     * Consumes bits that {@link #peek} returned.
     *
     * @throws IOException when the data end before
     */
    void skip(int bits) throws IOException {
        if (bits > count) {
            throw new IOException("its pixel data end early");
        }
        held >>>= bits;
        count -= bits;
    }

    /** A number of up to 32 bits. */
    int read(int bits) throws IOException {
        fill();
        int value = (int) (held & ((1L << bits) - 1));
        skip(bits);
        return value;
    }

    boolean flag() throws IOException {
        return read(1) == 1;
    }
}
