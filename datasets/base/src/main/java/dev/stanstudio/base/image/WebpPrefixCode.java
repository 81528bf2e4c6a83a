package dev.stanstudio.base.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * A canonical prefix code of lossless WebP (RFC 9649, section 3.7.2). Codes of up to {@link #SHORT}
 * bits are looked up, longer ones counted through.
 */
final class WebpPrefixCode {
    private static final int LONGEST = 15;
    private static final int SHORT = 8;
    private static final int CODE_LENGTHS = 19;
    private static final int[] ORDER = {
        17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    /** Symbols in the order of their codes. */
    private final short[] symbols;

    /** Number of codes of each length. */
    private final int[] counts;

    /** By the next bits: symbol times 16 plus length, or 0 for a longer code. */
    private final int[] table;

    private final int tableMask;

    private WebpPrefixCode(int[] lengths, int alphabet) throws IOException {
        counts = new int[LONGEST + 1];
        int used = 0;
        for (int i = 0; i < alphabet; i++) {
            counts[lengths[i]]++;
            used += lengths[i] > 0 ? 1 : 0;
        }
        counts[0] = 0;
        symbols = new short[used];
        int[] starts = new int[LONGEST + 2];
        int longest = 0;
        for (int length = 1; length <= LONGEST; length++) {
            starts[length + 1] = starts[length] + counts[length];
            longest = counts[length] > 0 ? length : longest;
        }
        for (int i = 0; i < alphabet; i++) {
            if (lengths[i] > 0) {
                symbols[starts[lengths[i]]++] = (short) i;
            }
        }
        requireComplete();
        int bits = used == 1 ? 0 : Math.min(SHORT, longest);
        table = new int[1 << bits];
        tableMask = table.length - 1;
        lookUp(bits);
    }

    /** A single symbol takes no bits; any other code uses up all combinations of bits. */
    private void requireComplete() throws IOException {
        int open = 1;
        for (int length = 1; length <= LONGEST; length++) {
            open = 2 * open - counts[length];
            if (open < 0) {
                break;
            }
        }
        if (symbols.length == 0 || (symbols.length > 1 && open != 0)) {
            throw new IOException("a table of its codes contradicts itself");
        }
    }

    private void lookUp(int bits) {
        int code = 0;
        int at = 0;
        for (int length = 1; length <= bits; length++) {
            code <<= 1;
            for (int i = 0; i < counts[length]; i++) {
                int reversed = Integer.reverse(code++) >>> (32 - length);
                for (int j = reversed; j < table.length; j += 1 << length) {
                    table[j] = symbols[at] << 4 | length;
                }
                at++;
            }
        }
    }

    /** Reads the next symbol. */
    int read(WebpBits in) throws IOException {
        if (table.length == 1) {
            return symbols[0];
        }
        int bits = in.peek();
        int found = table[bits & tableMask];
        if (found != 0) {
            in.skip(found & 15);
            return found >> 4;
        }
        int code = 0;
        int first = 0;
        int at = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code |= bits >> (length - 1) & 1;
            if (code - first < counts[length]) {
                in.skip(length);
                return symbols[at + code - first];
            }
            at += counts[length];
            first = (first + counts[length]) << 1;
            code <<= 1;
        }
        throw new IOException("a code of its pixels is not in the table");
    }

    /** Reads the description of a code. */
    static WebpPrefixCode of(WebpBits in, int alphabet) throws IOException {
        return in.flag() ? simple(in, alphabet) : normal(in, alphabet);
    }

    private static WebpPrefixCode simple(WebpBits in, int alphabet) throws IOException {
        int[] lengths = new int[Math.max(alphabet, 256)];
        boolean two = in.flag();
        lengths[in.read(in.flag() ? 8 : 1)] = 1;
        if (two) {
            lengths[in.read(8)] = 1;
        }
        return new WebpPrefixCode(lengths, alphabet);
    }

    private static WebpPrefixCode normal(WebpBits in, int alphabet) throws IOException {
        int[] inner = new int[CODE_LENGTHS];
        int stated = 4 + in.read(4);
        for (int i = 0; i < stated; i++) {
            inner[ORDER[i]] = in.read(3);
        }
        WebpPrefixCode code = new WebpPrefixCode(inner, CODE_LENGTHS);
        int left = in.flag() ? 2 + in.read(2 + 2 * in.read(3)) : alphabet;
        if (left > alphabet) {
            throw new IOException("a table of its codes is too long");
        }
        int[] lengths = new int[alphabet];
        int previous = 8;
        for (int at = 0; at < alphabet && left > 0; left--) {
            int symbol = code.read(in);
            if (symbol < 16) {
                lengths[at++] = symbol;
                previous = symbol == 0 ? previous : symbol;
                continue;
            }
            int times =
                    symbol == 16 ? 3 + in.read(2) : symbol == 17 ? 3 + in.read(3) : 11 + in.read(7);
            if (at + times > alphabet) {
                throw new IOException("a table of its codes is too long");
            }
            Arrays.fill(lengths, at, at + times, symbol == 16 ? previous : 0);
            at += times;
        }
        return new WebpPrefixCode(lengths, alphabet);
    }
}
