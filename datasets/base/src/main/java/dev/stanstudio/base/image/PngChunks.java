package dev.stanstudio.base.image;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.RegularFile;
import dev.stanstudio.base.UserException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Reads the chunks of PNG files without decoding pixels. */
public final class PngChunks {

    /** Wanted chunks longer than this are refused; text, profiles and EXIF stay far below. */
    public static final int MAX_CHUNK_BYTES = 16 << 20;

    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    static final String END = "IEND";

    private static final int BUFFER_BYTES = 1 << 16;

    private PngChunks() {}

    /** Returns true if the file begins as a PNG does. */
    static boolean isPng(Path file) throws IOException {
        try (InputStream in = RegularFile.open(file)) {
            return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
        }
    }

    /**
     * The chunks of the given types in file order. Every chunk up to the last is checked against
     * its CRC.
     *
     * @throws UserException when the file is missing, not a PNG, damaged, truncated, or holds a
     *     wanted chunk of more than {@link #MAX_CHUNK_BYTES}
     */
    public static List<PngChunk> read(Path file, Set<String> types) {
        List<PngChunk> chunks = new ArrayList<>();
        try {
            read(file, types, chunks);
        } catch (EOFException e) {
            throw new UserException("PNG " + file + " is truncated: it ends before IEND", e);
        } catch (IOException e) {
            throw new UserException("cannot read PNG " + file + ": " + AtomicFile.reason(e), e);
        }
        return chunks;
    }

    /** As {@link #read}, but returns the complete chunks of a file that is cut short. */
    static List<PngChunk> readAvailable(Path file, Set<String> types) throws IOException {
        List<PngChunk> chunks = new ArrayList<>();
        try {
            read(file, types, chunks);
        } catch (EOFException e) {
            // The decoder reports whether pixels are missing.
        }
        return chunks;
    }

    private static void read(Path file, Set<String> types, List<PngChunk> chunks)
            throws IOException {
        try (InputStream raw = RegularFile.open(file);
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(raw, BUFFER_BYTES))) {
            if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
                throw new UserException(file + " is not a PNG file");
            }
            read(file, in, types, chunks);
        }
    }

    private static void read(
            Path file, DataInputStream in, Set<String> types, List<PngChunk> chunks)
            throws IOException {
        String type = "";
        while (!type.equals(END)) {
            int length = in.readInt();
            byte[] name = new byte[4];
            in.readFully(name);
            type = typeName(file, name);
            CRC32 crc = new CRC32();
            crc.update(name);
            if (length < 0) {
                throw damaged(file, type, "its length is negative");
            }
            if (types.contains(type)) {
                chunks.add(new PngChunk(type, data(file, in, type, length, crc)));
            } else {
                skip(in, length, crc);
            }
            if (in.readInt() != (int) crc.getValue()) {
                throw damaged(file, type, "its CRC does not match");
            }
        }
    }

    private static byte[] data(Path file, DataInputStream in, String type, int length, CRC32 crc)
            throws IOException {
        if (length > MAX_CHUNK_BYTES) {
            throw damaged(file, type, length + " bytes exceed the limit of " + MAX_CHUNK_BYTES);
        }
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
            throw new EOFException();
        }
        crc.update(data);
        return data;
    }

    private static void skip(DataInputStream in, int length, CRC32 crc) throws IOException {
        byte[] buffer = new byte[Math.min(length, BUFFER_BYTES)];
        for (int left = length; left > 0; ) {
            int count = Math.min(left, buffer.length);
            in.readFully(buffer, 0, count);
            crc.update(buffer, 0, count);
            left -= count;
        }
    }

    private static String typeName(Path file, byte[] name) {
        String type = new String(name, StandardCharsets.US_ASCII);
        if (!type.matches("[A-Za-z]{4}")) {
            throw new UserException("PNG " + file + " is damaged: a chunk has no valid type");
        }
        return type;
    }

    private static UserException damaged(Path file, String type, String what) {
        return new UserException("PNG %s is damaged: chunk %s: %s".formatted(file, type, what));
    }
}
