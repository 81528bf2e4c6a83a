package dev.stanstudio.base.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Compressions of TIFF, each as a count of the bytes that a strip or tile unpacks to. */
enum TiffUnpacking {
    /** Codes of 9 to 12 bits, the highest bit first (TIFF 6.0, section 13). */
    LZW {
        @Override
        long count(byte[] packed, long wanted) {
            int[] lengths = new int[CODES + 1];
            int next = FIRST;
            int bits = MIN_BITS;
            int previous = -1;
            long count = 0;
            for (long at = 0; at + bits <= 8L * packed.length && count < wanted; ) {
                int code = bits(packed, at, bits);
                at += bits;
                if (code == CLEAR) {
                    next = FIRST;
                    bits = MIN_BITS;
                    previous = -1;
                    continue;
                }
                if (code == END || code > next || (previous < 0 && code > END)) {
                    break;
                }
                int before = previous < 0 ? 0 : length(lengths, previous);
                count += code == next ? before + 1 : length(lengths, code);
                if (previous >= 0 && next < CODES) {
                    lengths[next++] = before + 1;
                }
                // The width grows one code early.
                bits = next + 1 >= 1 << bits && bits < MAX_BITS ? bits + 1 : bits;
                previous = code;
            }
            return count;
        }

        private int length(int[] lengths, int code) {
            return code < CLEAR ? 1 : lengths[code];
        }

        private int bits(byte[] packed, long at, int count) {
            int first = (int) (at >> 3);
            int three = 0;
            for (int i = first; i < first + 3; i++) {
                three = three << 8 | (i < packed.length ? packed[i] & 0xFF : 0);
            }
            return three >> (24 - (int) (at & 7) - count) & ((1 << count) - 1);
        }
    },
    /** A zlib stream. */
    DEFLATE {
        @Override
        long count(byte[] packed, long wanted) {
            Inflater inflater = new Inflater();
            byte[] buffer = new byte[1 << 14];
            long count = 0;
            try {
                inflater.setInput(packed);
                int more = 1;
                while (more > 0 && count < wanted) {
                    more = inflater.inflate(buffer);
                    count += more;
                }
            } catch (DataFormatException e) {
                // What was unpacked before the damage counts.
                return count;
            } finally {
                inflater.end();
            }
            return count;
        }
    },
    /** Runs and literal bytes (TIFF 6.0, section 9). */
    PACK_BITS {
        @Override
        long count(byte[] packed, long wanted) {
            long count = 0;
            int at = 0;
            while (at < packed.length && count < wanted) {
                int head = packed[at++];
                int literals = head >= 0 ? Math.min(head + 1, packed.length - at) : 0;
                boolean run = head < 0 && head > Byte.MIN_VALUE && at < packed.length;
                count += run ? 1 - head : literals;
                at += run ? 1 : literals;
            }
            return count;
        }
    },
    /** A JPEG stream, whose end is marked; how many pixels lie before it is not counted. */
    JPEG {
        @Override
        @Nullable String missing(byte[] packed, long wanted) {
            for (int i = packed.length - 2; i >= 0; i--) {
                if (packed[i] == (byte) 0xFF && packed[i + 1] == (byte) 0xD9) {
                    return null;
                }
            }
            return "no end of its JPEG data";
        }

        @Override
        long count(byte[] packed, long wanted) {
            return wanted;
        }
    };

    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;
    private static final int CODES = 1 << MAX_BITS;

    /** The compression that a TIFF states by this number; null where it cannot be counted. */
    static @Nullable TiffUnpacking of(int compression) {
        return switch (compression) {
            case 5 -> LZW;
            case 7 -> JPEG;
            case 8, 32946 -> DEFLATE;
            case 32773 -> PACK_BITS;
            default -> null;
        };
    }

    /** Counts the bytes that come out, {@code wanted} or more where all are there. */
    abstract long count(byte[] packed, long wanted);

    /** Describes what is there of {@code wanted} bytes, in words; null where all of them are. */
    @Nullable String missing(byte[] packed, long wanted) {
        long count = count(packed, wanted);
        return count < wanted ? "%d of %d bytes".formatted(count, wanted) : null;
    }
}
