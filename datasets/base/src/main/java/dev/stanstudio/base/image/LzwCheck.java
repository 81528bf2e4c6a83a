package dev.stanstudio.base.image;

/**
 * Counts the pixels in the compressed data of a GIF's frame (GIF89a, appendix F), so that damage is
 * found which the decoder would fill with colours. Not thread-safe.
 */
final class LzwCheck {
    private static final int MAX_BITS = 12;
    private static final int CODES = 1 << MAX_BITS;

    private final int literalBits;
    private final int clear;
    private final long wanted;

    /** Number of pixels that each code stands for. */
    private final int[] lengths = new int[CODES];

    private int bits;
    private int next;
    private int previous;
    private int pending;
    private int pendingBits;
    private long pixels;
    private boolean stopped;

    /**
     * @param literalBits the code size that stands in front of the data, 1 to 11
     * @param wanted how many pixels the frame has
     */
    LzwCheck(int literalBits, long wanted) {
        this.literalBits = literalBits;
        this.clear = 1 << literalBits;
        this.wanted = wanted;
        this.stopped = literalBits < 1 || literalBits >= MAX_BITS;
        if (!stopped) {
            reset();
        }
    }

    private void reset() {
        bits = literalBits + 1;
        next = clear + 2;
        previous = -1;
    }

    /** Takes the next bytes of the data. */
    void add(byte[] data) {
        for (int i = 0; i < data.length && !stopped; i++) {
            pending |= (data[i] & 0xFF) << pendingBits;
            pendingBits += 8;
            while (pendingBits >= bits && !stopped) {
                int code = pending & ((1 << bits) - 1);
                pending >>>= bits;
                pendingBits -= bits;
                code(code);
            }
        }
    }

    private void code(int code) {
        if (code == clear) {
            reset();
            return;
        }
        boolean known = code < clear || (previous >= 0 && code <= next && code != clear + 1);
        if (!known || code >= CODES) {
            // The end, or a code that stands for nothing yet.
            stopped = true;
            return;
        }
        int before = previous < 0 ? 0 : length(previous);
        pixels += code == next ? before + 1 : length(code);
        if (previous >= 0 && next < CODES) {
            lengths[next++] = before + 1;
            bits += next == 1 << bits && bits < MAX_BITS ? 1 : 0;
        }
        previous = code;
        stopped = pixels >= wanted;
    }

    private int length(int code) {
        return code < clear ? 1 : lengths[code];
    }

    /** Returns whether the data held every pixel. */
    boolean isComplete() {
        return pixels >= wanted;
    }
}
