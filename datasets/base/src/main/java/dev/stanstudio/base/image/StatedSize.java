package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checks the sizes that a header states before a decoder takes them for array lengths and divisors.
 */
final class StatedSize {
    private static final int PNG_SIDES = 16;
    private static final int BMP_HEADER_LENGTH = 14;
    private static final int OLD_BMP_HEADER = 12;

    private StatedSize() {}

    /**
     * @throws UserException when a side of the picture or of its parts is 0, negative or beyond
     *     2147483647; the message states it
     */
    static void require(Path file, PictureFormat format) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            String wrong =
                    switch (format) {
                        case PNG -> png(in);
                        case BMP -> bmp(in);
                        case TIFF -> tiff(in);
                        case GIF, JPEG, WEBP -> null;
                    };
            if (wrong != null) {
                throw damaged(file, wrong);
            }
        } catch (EOFException e) {
            throw new UserException("picture " + file + " is damaged: it ends in its header", e);
        }
    }

    /**
     * @throws UserException when a side is less than 1
     */
    static void require(Path file, int width, int height) {
        String wrong = sides("a size", width, height);
        if (wrong != null) {
            throw damaged(file, wrong);
        }
    }

    private static UserException damaged(Path file, String wrong) {
        return new UserException("picture " + file + " is damaged: its header states " + wrong);
    }

    private static @Nullable String sides(String what, long width, long height) {
        boolean fits = width > 0 && height > 0 && Math.max(width, height) <= Integer.MAX_VALUE;
        return fits ? null : "%s of %sx%s pixels".formatted(what, width, height);
    }

    private static @Nullable String png(RandomAccessFile in) throws IOException {
        in.seek(PNG_SIDES);
        long width = Integer.toUnsignedLong(in.readInt());
        return sides("a size", width, Integer.toUnsignedLong(in.readInt()));
    }

    /** A negative height means rows from the top down. */
    private static @Nullable String bmp(RandomAccessFile in) throws IOException {
        in.seek(BMP_HEADER_LENGTH);
        if (Integer.reverseBytes(in.readInt()) == OLD_BMP_HEADER) {
            int width = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
            return sides("a size", width, Short.toUnsignedInt(Short.reverseBytes(in.readShort())));
        }
        long width = Integer.reverseBytes(in.readInt());
        long height = Integer.reverseBytes(in.readInt());
        return sides("a size", width, Math.abs(height)) == null
                ? null
                : "a size of " + width + "x" + height + " pixels";
    }

    private static @Nullable String tiff(RandomAccessFile in) {
        TiffDirectory directory = TiffDirectory.of(in);
        if (directory == null) {
            return null;
        }
        String size =
                sides(
                        "a size",
                        unsigned(directory, TiffDirectory.WIDTH),
                        unsigned(directory, TiffDirectory.HEIGHT));
        if (size != null) {
            return size;
        }
        if (directory.numbers(TiffDirectory.TILE_OFFSETS).length > 0) {
            String tiles =
                    sides(
                            "tiles",
                            unsigned(directory, TiffDirectory.TILE_WIDTH),
                            unsigned(directory, TiffDirectory.TILE_HEIGHT));
            if (tiles != null) {
                return tiles;
            }
        } else if (directory.number(TiffDirectory.ROWS_PER_STRIP, -1) == 0) {
            return "strips of 0 rows";
        }
        return directory.number(TiffDirectory.BITS_PER_SAMPLE, 1) == 0 ? "samples of 0 bits" : null;
    }

    private static long unsigned(TiffDirectory directory, int tag) {
        return Integer.toUnsignedLong(directory.number(tag, 0));
    }
}
