package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file, a RIFF container (RFC 9649, section 2): four letters, the length as a
 * little-endian number, the data, and a padding byte after an odd length.
 */
final class WebpChunks {
    private static final int HEADER = 12;

    /** As much as a text of a PNG may have: some programs keep large graphs in EXIF. */
    private static final int MAX_DATA = 16 << 20;

    private static final int EXTENDED_FLAGS = 20;
    private static final int MAX_CHUNKS = 10_000;
    private static final long MAX_FILE_BYTES = 1 << 30;
    private static final int PROFILE_FLAG = 0x20;

    private WebpChunks() {}

    /** Returns true if the file holds an animation. */
    static boolean isAnimated(Path file) throws IOException {
        return find(file, "ANIM") != null;
    }

    /**
     * The file's bytes as a decoder may have them: without an embedded colour profile, which it
     * would apply.
     *
     * @throws UserException when the file is longer than a gigabyte, of thousands of chunks, or cut
     *     short
     */
    static byte[] withoutProfile(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new UserException("picture " + file + " is a WebP of more than 1 GiB");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!isWhole(bytes)) {
            throw new UserException(
                    "picture " + file + " is damaged or truncated: its chunks do not fit into it");
        }
        if (!blotProfile(bytes)) {
            throw new UserException(
                    "picture " + file + " is a WebP of more than " + MAX_CHUNKS + " chunks");
        }
        return bytes;
    }

    /**
     * Returns whether the chunks fit into the file that its header states: all of an extended file,
     * else the first two. Bytes behind do not matter.
     */
    private static boolean isWhole(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < HEADER + 8) {
            return false;
        }
        long end = 8 + Integer.toUnsignedLong(in.getInt(4));
        boolean extended = new String(file, HEADER, 4, StandardCharsets.US_ASCII).equals("VP8X");
        long at = HEADER;
        for (int chunk = 0; chunk == 0 || (at + 8 <= end && (extended || chunk == 1)); chunk++) {
            long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
            if (at + 8 + length > end || end > file.length) {
                return false;
            }
            at += 8 + length + (length & 1);
        }
        return end <= file.length;
    }

    /** Clears the flag of a profile and overwrites its chunk's name; false for too many chunks. */
    private static boolean blotProfile(byte[] file) {
        int chunks = 0;
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = HEADER; at + 8 <= file.length; chunks++) {
            if (chunks > MAX_CHUNKS) {
                return false;
            }
            String name = new String(file, (int) at, 4, StandardCharsets.US_ASCII);
            if (name.equals("VP8X") && at == HEADER && file.length > EXTENDED_FLAGS) {
                file[EXTENDED_FLAGS] &= ~PROFILE_FLAG;
            } else if (name.equals("ICCP")) {
                file[(int) at] = 'X';
            }
            long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
            at += 8 + length + (length & 1);
        }
        return true;
    }

    /** The data of the first chunk of a name, null without one, or one of 16 MB and more. */
    static byte @Nullable [] find(Path file, String wanted) throws IOException {
        return find(file, wanted, -1);
    }

    /** The first bytes of the first chunk of a name, null without one or where it is shorter. */
    static byte @Nullable [] begin(Path file, String wanted, int bytes) throws IOException {
        return find(file, wanted, bytes);
    }

    private static byte @Nullable [] find(Path file, String wanted, int most) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (!letters(in).equals("RIFF") || in.skipBytes(4) < 4 || !letters(in).equals("WEBP")) {
                return null;
            }
            long at = HEADER;
            for (int chunk = 0; chunk < MAX_CHUNKS && at + 8 <= in.length(); chunk++) {
                in.seek(at);
                String name = letters(in);
                long length = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
                if (name.equals(wanted)) {
                    if (most >= 0) {
                        return length < most ? null : data(in, most);
                    }
                    return length > MAX_DATA ? null : data(in, (int) length);
                }
                at += 8 + length + (length & 1);
            }
        } catch (EOFException e) {
            // The decoder reports damage.
        }
        return null;
    }

    private static String letters(RandomAccessFile in) throws IOException {
        byte[] four = new byte[4];
        in.readFully(four);
        return new String(four, StandardCharsets.US_ASCII);
    }

    private static byte[] data(RandomAccessFile in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
