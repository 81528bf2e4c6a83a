package dev.stanstudio.datasets.picture;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file, a RIFF container (RFC 9649, section 2): four letters, the length as a
 * little-endian number, the data, and a filling byte after an odd length.
 */
final class WebpChunks {
    private static final int HEADER = 12;
    private static final int MAX_DATA = 1 << 20;
    private static final int EXTENDED_FLAGS = 20;
    private static final int PROFILE_FLAG = 0x20;

    private WebpChunks() {}

    /** Whether the file holds an animation. */
    static boolean isAnimated(Path file) throws IOException {
        return find(file, "ANIM") != null;
    }

    /**
     * Takes an embedded colour profile out of the file's bytes in place, which a decoder would
     * apply: the flag that announces it and its chunk's name.
     */
    static void blotProfile(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = HEADER; at + 8 <= file.length; ) {
            String name = new String(file, (int) at, 4, StandardCharsets.US_ASCII);
            if (name.equals("VP8X") && at == HEADER && file.length > EXTENDED_FLAGS) {
                file[EXTENDED_FLAGS] &= ~PROFILE_FLAG;
            } else if (name.equals("ICCP")) {
                file[(int) at] = 'X';
            }
            long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
            at += 8 + length + (length & 1);
        }
    }

    /** The data of the first chunk of a name, null without one, or one of a megabyte and more. */
    static byte @Nullable [] find(Path file, String wanted) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (!letters(in).equals("RIFF") || in.skipBytes(4) < 4 || !letters(in).equals("WEBP")) {
                return null;
            }
            for (long at = HEADER; at + 8 <= in.length(); ) {
                in.seek(at);
                String name = letters(in);
                long length = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
                if (name.equals(wanted)) {
                    return length > MAX_DATA ? null : data(in, (int) length);
                }
                at += 8 + length + (length & 1);
            }
        } catch (EOFException e) {
            // Damage is for the decoder to tell.
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
