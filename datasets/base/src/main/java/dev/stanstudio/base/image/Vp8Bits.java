package dev.stanstudio.base.image;

import java.io.IOException;

/**
 * Reads the bits of a partition of VP8 data, each of a stated probability (RFC 6386, section 7).
 * Behind the last byte it gives zeros, which {@link #requireWhole} reports afterwards.
 */
final class Vp8Bits {
    private static final int EVEN = 128;

    private final byte[] bytes;
    private final int end;
    private int next;

    /** The bits not yet decided upon: eight of them and {@code spare} further ones. */
    private long value;

    private int spare = -8;
    private int range = 255;
    private boolean past;

    /**
     * @param end behind the last byte, within {@code bytes}
     */
    Vp8Bits(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.next = start;
        this.end = end;
        load();
    }

    private void load() {
        if (next == end) {
            past = true;
            value <<= 8;
            spare += 8;
        }
        while (next < end && spare <= 40) {
            value = (value << 8) | (bytes[next++] & 0xFF);
            spare += 8;
        }
    }

    /**
     * Reads a bit.
     *
     * @param probability that it is 0, of 256
     */
    boolean read(int probability) {
        if (spare < 0) {
            load();
        }
        int split = 1 + (((range - 1) * probability) >> 8);
        long threshold = (long) split << spare;
        boolean one = value >= threshold;
        if (one) {
            value -= threshold;
            range -= split;
        } else {
            range = split;
        }
        int shift = Integer.numberOfLeadingZeros(range) - 24;
        range <<= shift;
        spare -= shift;
        return one;
    }

    boolean flag() {
        return read(EVEN);
    }

    /** Reads a number, its highest bit first (section 8). */
    int number(int bits) {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = (number << 1) | (flag() ? 1 : 0);
        }
        return number;
    }

    /** Reads a number and behind it its sign. */
    int signed(int bits) {
        int number = number(bits);
        return flag() ? -number : number;
    }

    /** Reads a signed number behind a flag that announces it, else 0. */
    int optional(int bits) {
        return flag() ? signed(bits) : 0;
    }

    /**
     * Checks that all that was read so far lies before the end.
     *
     * @throws IOException when it does not
     */
    void requireWhole() throws IOException {
        if (past) {
            throw new IOException("its pixel data end early");
        }
    }
}
