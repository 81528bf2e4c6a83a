package dev.stanstudio.base.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes BMP files that the JDK cannot read as files that it can: those whose pixels do not begin
 * right behind a colour for each number that their bits count, and those with the header of OS/2 2.
 * Colours that a file does not state are black, as in Pillow.
 */
final class BmpRewrite {
    private static final int FILE_HEADER = 14;
    private static final int DATA_OFFSET = 10;
    private static final int OLD_HEADER = 12;
    private static final int WINDOWS_HEADER = 40;
    private static final int OS2_HEADER = 64;
    private static final int PALETTE_BITS = 8;
    private static final int RLE4 = 2;
    private static final int PLANES = FILE_HEADER + 12;
    private static final int COMPRESSION = FILE_HEADER + 16;
    private static final int COLOURS = FILE_HEADER + 32;
    private static final int MAX_BYTES = 1 << 30;

    private BmpRewrite() {}

    /** The file's bytes in the form that the JDK reads; null where it reads the file itself. */
    static byte @Nullable [] readable(Path file) throws IOException {
        long length = Files.size(file);
        ByteBuffer head = ByteBuffer.allocate(FILE_HEADER + OS2_HEADER);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.read(head.array());
        }
        head.order(ByteOrder.LITTLE_ENDIAN);
        int header = head.getInt(FILE_HEADER);
        boolean old = header == OLD_HEADER;
        int bits = head.getShort(old ? FILE_HEADER + 10 : PLANES + 2);
        int all = bits > 0 && bits <= PALETTE_BITS ? 1 << bits : 0;
        int entry = old ? 3 : 4;
        int data = head.getInt(DATA_OFFSET);
        long palette = FILE_HEADER + (long) header;
        long room = (data - palette) / entry;
        long used = old ? all : head.getInt(COLOURS);
        boolean odd = all > 0 && data != palette + (long) all * entry;
        boolean os2 = header == OS2_HEADER && head.getInt(COMPRESSION) <= RLE4;
        boolean inside = data >= palette && data <= length && length <= MAX_BYTES;
        if (!inside || !(odd || os2)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        int start = FILE_HEADER + WINDOWS_HEADER + 4 * all;
        ByteBuffer out = ByteBuffer.allocate(start + bytes.length - data);
        out.order(ByteOrder.LITTLE_ENDIAN).put(bytes, 0, FILE_HEADER);
        out.putInt(WINDOWS_HEADER).put(old ? sides(head) : middle(bytes));
        out.position(FILE_HEADER + WINDOWS_HEADER);
        for (long i = 0; i < Math.min(used > 0 && used < all ? used : all, room); i++) {
            out.put(bytes, (int) (palette + i * entry), 3).put((byte) 0);
        }
        out.position(start);
        out.put(bytes, data, bytes.length - data);
        return out.putInt(2, out.capacity()).putInt(DATA_OFFSET, start).array();
    }

    /** Width, height, planes and bits of a header of 12 bytes, in a longer one's widths. */
    private static byte[] sides(ByteBuffer head) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Short.toUnsignedInt(head.getShort(FILE_HEADER + 4)))
                .putInt(Short.toUnsignedInt(head.getShort(FILE_HEADER + 6)))
                .putInt(head.getInt(FILE_HEADER + 8))
                .array();
    }

    /** All between the header's length and the number of colours, which then is that of the bits. */
    private static byte[] middle(byte[] bytes) {
        return Arrays.copyOfRange(bytes, FILE_HEADER + 4, COLOURS);
    }
}
