package dev.stanstudio.datasets.picture;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file, a RIFF container (RFC 9649, section 2): four letters, the length as a
 * little-endian number, the data, and a filling byte after an odd length.
 */
final class WebpChunks {
    private static final int HEADER = 12;
    private static final int MAX_DATA = 1 << 20;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private WebpChunks() {}

    /** The TIFF block of the EXIF chunk, or null without one and for a file of another format. */
    static byte @Nullable [] exif(Path file) throws IOException {
        byte[] exif = find(file, "EXIF");
        if (exif == null || exif.length < PREFIX.length) {
            return exif;
        }
        // Some programs put the name of JPEG's segment in front.
        boolean named = Arrays.equals(exif, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
        return named ? Arrays.copyOfRange(exif, PREFIX.length, exif.length) : exif;
    }

    /** Whether the file holds an animation. */
    static boolean isAnimated(Path file) throws IOException {
        return find(file, "ANIM") != null;
    }

    private static byte @Nullable [] find(Path file, String wanted) throws IOException {
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
