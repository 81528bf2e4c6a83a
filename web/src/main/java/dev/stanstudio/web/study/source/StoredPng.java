package dev.stanstudio.web.study.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes 8-bit RGB pictures as PNG files whose length and chunks follow from width and height
 * alone: rows without a filter (PNG specification, 9.2) in stored blocks (RFC 1951, 3.2.4), one
 * IDAT chunk, nothing else. A compressed file's length reveals how rough a picture is, and padding
 * that can be recognised gives that length back.
 */
public final class StoredPng {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int HEADER_DATA = 13;
    private static final int CHUNK = 12;
    private static final int BLOCK = 65_535;
    private static final int BLOCK_HEADER = 5;
    private static final int ZLIB_HEADER = 2;
    private static final int ADLER = 4;
    private static final int RGB = 2;
    private static final int CHANNELS = 3;

    /** Position of the data of the IDAT chunk. */
    private static final int DATA = SIGNATURE.length + CHUNK + HEADER_DATA + 8;

    private StoredPng() {}

    /**
     * Pixels of a picture.
     *
     * @param samples RGB, row by row, {@code 3 · width · height} bytes; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // Megabytes, made for one answer.
    public record Pixels(int width, int height, byte[] samples) {}

    /** Returns the length of a picture's file in bytes. */
    static int length(int width, int height) {
        return DATA + data(width, height) + 4 + CHUNK;
    }

    private static int raw(int width, int height) {
        return Math.multiplyExact(height, 1 + CHANNELS * width);
    }

    private static int data(int width, int height) {
        int raw = raw(width, height);
        return ZLIB_HEADER + raw + (raw + BLOCK - 1) / BLOCK * BLOCK_HEADER + ADLER;
    }

    /** The file. */
    public static byte[] encode(Pixels pixels) {
        ByteBuffer out = ByteBuffer.allocate(length(pixels.width(), pixels.height()));
        out.put(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(HEADER_DATA);
        header.putInt(pixels.width()).putInt(pixels.height()).put((byte) 8).put((byte) RGB);
        chunk(out, "IHDR", header.array());
        out.putInt(data(pixels.width(), pixels.height()));
        int begin = out.position();
        out.put("IDAT".getBytes(StandardCharsets.US_ASCII));
        data(out, rows(pixels));
        CRC32 crc = new CRC32();
        crc.update(out.array(), begin, out.position() - begin);
        out.putInt((int) crc.getValue());
        chunk(out, "IEND", new byte[0]);
        return out.array();
    }

    /** The rows, each after the number of its filter, 0. */
    private static byte[] rows(Pixels pixels) {
        int row = CHANNELS * pixels.width();
        byte[] rows = new byte[raw(pixels.width(), pixels.height())];
        for (int y = 0; y < pixels.height(); y++) {
            System.arraycopy(pixels.samples(), y * row, rows, y * (row + 1) + 1, row);
        }
        return rows;
    }

    private static void data(ByteBuffer out, byte[] rows) {
        out.put((byte) 0x78).put((byte) 0x01);
        for (int at = 0; at < rows.length; at += BLOCK) {
            int size = Math.min(BLOCK, rows.length - at);
            out.put((byte) (at + size == rows.length ? 1 : 0));
            little(out, size);
            little(out, ~size);
            out.put(rows, at, size);
        }
        Adler32 adler = new Adler32();
        adler.update(rows);
        out.putInt((int) adler.getValue());
    }

    private static void little(ByteBuffer out, int value) {
        out.put((byte) value).put((byte) (value >> 8));
    }

    private static void chunk(ByteBuffer out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.putInt(data.length).put(name).put(data).putInt((int) crc.getValue());
    }

    /** The pixels of a file that {@link #encode} made; null for any other. */
    public static @Nullable Pixels decode(byte[] file) {
        if (file.length < DATA || !Arrays.equals(file, 0, 8, SIGNATURE, 0, 8)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        int width = in.getInt(SIGNATURE.length + 8);
        int height = in.getInt(SIGNATURE.length + 12);
        boolean ours =
                width > 0
                        && height > 0
                        && (1 + (long) CHANNELS * width) * height < file.length
                        && length(width, height) == file.length
                        && in.getInt(DATA - 4) == 0x49444154 // IDAT
                        && file[DATA] == 0x78
                        && file[DATA + 1] == 0x01;
        return ours ? new Pixels(width, height, samples(file, width, height)) : null;
    }

    private static byte[] samples(byte[] file, int width, int height) {
        byte[] rows = new byte[raw(width, height)];
        int from = DATA + ZLIB_HEADER;
        for (int at = 0; at < rows.length; at += BLOCK) {
            int size = Math.min(BLOCK, rows.length - at);
            System.arraycopy(file, from + BLOCK_HEADER, rows, at, size);
            from += BLOCK_HEADER + size;
        }
        int row = CHANNELS * width;
        byte[] samples = new byte[row * height];
        for (int y = 0; y < height; y++) {
            System.arraycopy(rows, y * (row + 1) + 1, samples, y * row, row);
        }
        return samples;
    }
}
