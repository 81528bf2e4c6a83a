package dev.stanstudio.base.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first directory of a TIFF file or of a block of EXIF, which is laid out like one (TIFF 6.0,
 * section 2). Nothing behind it is followed, so a file of thousands of directories costs no more
 * than one.
 *
 * <p>TwelveMonkeys' reader is not used: it has no entries for a directory that is cut short,
 * refuses the number 42 in the other order, and follows all directories.
 */
final class TiffDirectory {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTES = 279;
    static final int PLANAR = 284;
    static final int PREDICTOR = 317;
    static final int COLOR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTES = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int SUBSAMPLING = 530;
    static final int XMP = 700;

    /** Kinds of an extra sample: of no stated meaning, alpha in the colours, alpha beside them. */
    static final int UNSPECIFIED = 0;

    static final int MULTIPLIED = 1;
    static final int ALPHA = 2;

    private static final int RGB = 2;
    private static final int RGBA_SAMPLES = 4;
    private static final int ENTRY_BYTES = 12;
    private static final int MAX_VALUE_BYTES = 1 << 20;

    /** Offsets of the smallest tiles of the largest picture that is read fit into this. */
    private static final int MAX_NUMBER_BYTES = 1 << 23;

    /** Bytes of one value of the types 0 to 13. */
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int TYPE_SHORT = 3;
    private static final int TYPE_LONG = 4;
    private static final int TYPE_SIGNED_SHORT = 8;
    private static final int TYPE_SIGNED_LONG = 9;

    /** Bytes of a file or block. */
    private interface Source {
        byte[] read(long at, int length) throws IOException;
    }

    /**
     * An entry as it stands: {@code value} is 4 bytes, the value itself or its offset, and lies at
     * {@code at}.
     */
    private record Entry(int type, int count, int value, long at) {}

    private final Source source;
    private final ByteOrder order;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private TiffDirectory(Source source, ByteOrder order) throws IOException {
        this.source = source;
        this.order = order;
        long at = Integer.toUnsignedLong(buffer(source.read(4, 4)).getInt());
        int count = Short.toUnsignedInt(buffer(source.read(at, 2)).getShort());
        for (int i = 0; i < count; i++) {
            long start = at + 2 + (long) ENTRY_BYTES * i;
            ByteBuffer entry;
            try {
                entry = buffer(source.read(start, ENTRY_BYTES));
            } catch (EOFException e) {
                break;
            }
            int tag = Short.toUnsignedInt(entry.getShort());
            int type = Short.toUnsignedInt(entry.getShort());
            // The first of several counts, as for Pillow.
            entries.putIfAbsent(tag, new Entry(type, entry.getInt(), entry.getInt(), start + 8));
        }
    }

    /** The directory of a block of EXIF, or null where it has none. */
    static @Nullable TiffDirectory of(byte[] block) {
        try {
            return of(
                    (at, length) -> {
                        if (at < 0 || length < 0 || at + length > block.length) {
                            throw new EOFException();
                        }
                        return Arrays.copyOfRange(block, (int) at, (int) at + length);
                    });
        } catch (IOException e) {
            return null;
        }
    }

    /** The directory of a TIFF file, or null where it has none; used while the file is open. */
    static @Nullable TiffDirectory of(RandomAccessFile file) {
        try {
            return of(
                    (at, length) -> {
                        if (at < 0 || length < 0 || at + length > file.length()) {
                            throw new EOFException();
                        }
                        byte[] bytes = new byte[length];
                        file.seek(at);
                        file.readFully(bytes);
                        return bytes;
                    });
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable TiffDirectory of(Source source) throws IOException {
        byte[] head = source.read(0, 4);
        boolean little = head[0] == 'I' && head[1] == 'I';
        boolean big = head[0] == 'M' && head[1] == 'M';
        // Pillow takes the number 42 in either order.
        boolean answer = (head[2] == 42 && head[3] == 0) || (head[2] == 0 && head[3] == 42);
        if (!answer || !(little || big)) {
            return null;
        }
        return new TiffDirectory(source, little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    /** The first number under a tag, or the fallback where there is none. */
    int number(int tag, int fallback) {
        int[] all = numbers(tag);
        return all.length == 0 ? fallback : all[0];
    }

    /**
     * The kind of the first sample beyond the colours. Where nothing is said of a fourth of red,
     * green and blue it is alpha, as in Pillow.
     */
    int extraSample() {
        boolean rgba =
                number(PHOTOMETRIC, -1) == RGB && number(SAMPLES_PER_PIXEL, 1) == RGBA_SAMPLES;
        return number(EXTRA_SAMPLES, rgba ? ALPHA : UNSPECIFIED);
    }

    /** All whole numbers under a tag; none where it is missing, damaged or of another type. */
    int[] numbers(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null || !isWhole(entry.type)) {
            return new int[0];
        }
        byte[] raw = bytes(tag, MAX_NUMBER_BYTES);
        ByteBuffer in = buffer(raw);
        int[] out = new int[raw.length / SIZES[entry.type]];
        for (int i = 0; i < out.length; i++) {
            out[i] = number(in, entry.type);
        }
        return out;
    }

    private static boolean isWhole(int type) {
        return type == TYPE_SHORT
                || type == TYPE_LONG
                || type == TYPE_SIGNED_SHORT
                || type == TYPE_SIGNED_LONG;
    }

    private static int number(ByteBuffer in, int type) {
        return switch (type) {
            case TYPE_SHORT -> Short.toUnsignedInt(in.getShort());
            case TYPE_SIGNED_SHORT -> in.getShort();
            default -> in.getInt();
        };
    }

    /** The bytes under a tag, none where it is missing, damaged or longer than a megabyte. */
    byte[] bytes(int tag) {
        return bytes(tag, MAX_VALUE_BYTES);
    }

    private byte[] bytes(int tag, int most) {
        Entry entry = entries.get(tag);
        if (entry == null || entry.type >= SIZES.length) {
            return new byte[0];
        }
        long length = Integer.toUnsignedLong(entry.count) * SIZES[entry.type];
        if (length > most) {
            return new byte[0];
        }
        if (length <= 4) {
            byte[] inline = ByteBuffer.allocate(4).order(order).putInt(entry.value).array();
            return Arrays.copyOf(inline, (int) length);
        }
        try {
            return source.read(Integer.toUnsignedLong(entry.value), (int) length);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** Changes a single short of the file's bytes. */
    void setShort(byte[] file, int tag, int value) {
        Entry entry = entries.get(tag);
        if (entry == null || entry.type != TYPE_SHORT) {
            throw new IllegalArgumentException("tag " + tag + " is no short");
        }
        ByteBuffer.wrap(file).order(order).putShort((int) entry.at, (short) value);
    }

    private ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(order);
    }
}
