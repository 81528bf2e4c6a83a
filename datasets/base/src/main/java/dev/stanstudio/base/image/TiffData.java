package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the strips or tiles of a TIFF hold the bytes of all pixels before it is decoded: the
 * JDK's reader leaves what is missing black.
 */
final class TiffData {
    private static final int SEPARATE_PLANES = 2;
    private static final int LOWEST_BIT_FIRST = 2;
    private static final int LUMA_AND_CHROMA = 6;
    private static final int NO_COMPRESSION = 1;

    /** Most bytes of one block that are unpacked; a larger one is checked up to there. */
    private static final long MAX_BLOCK_BYTES = 1L << 31;

    private final RandomAccessFile file;
    private final TiffDirectory directory;
    private final int compression;
    private final boolean tiled;
    private final long width;
    private final long height;
    private final long blockWidth;
    private final long blockHeight;

    private TiffData(RandomAccessFile file, TiffDirectory directory) {
        this.file = file;
        this.directory = directory;
        this.compression = directory.number(TiffDirectory.COMPRESSION, NO_COMPRESSION);
        this.tiled = directory.numbers(TiffDirectory.TILE_OFFSETS).length > 0;
        this.width = directory.number(TiffDirectory.WIDTH, 0);
        this.height = directory.number(TiffDirectory.HEIGHT, 0);
        int rows = directory.number(TiffDirectory.ROWS_PER_STRIP, -1);
        // The largest number, which reads as -1, stands for all rows.
        this.blockWidth = tiled ? directory.number(TiffDirectory.TILE_WIDTH, 0) : width;
        this.blockHeight =
                tiled
                        ? directory.number(TiffDirectory.TILE_HEIGHT, 0)
                        : rows <= 0 ? height : Math.min(rows, height);
    }

    /**
     * @throws UserException when a strip or tile ends before its pixels do; the message names it
     */
    static void requireWhole(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            TiffDirectory directory = TiffDirectory.of(bytes);
            String missing = directory == null ? null : new TiffData(bytes, directory).missing();
            if (missing != null) {
                throw new UserException(
                        "picture " + file + " is damaged: its data end early (" + missing + ")");
            }
        }
    }

    private @Nullable String missing() throws IOException {
        boolean sized = width > 0 && height > 0 && blockWidth > 0 && blockHeight > 0;
        if (!sized || width * height > PictureReader.MAX_PIXELS) {
            // These are refused for their size.
            return null;
        }
        String kind = tiled ? "tile" : "strip";
        int[] offsets =
                directory.numbers(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
        int[] counts =
                directory.numbers(tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES);
        boolean separate = directory.number(TiffDirectory.PLANAR, 1) == SEPARATE_PLANES;
        long across = (width + blockWidth - 1) / blockWidth;
        long plane = across * ((height + blockHeight - 1) / blockHeight);
        long blocks = plane * (separate ? samples() : 1);
        if (offsets.length < blocks) {
            return "%d of %d %ss are there".formatted(offsets.length, blocks, kind);
        }
        for (int i = 0; i < blocks; i++) {
            long offset = Integer.toUnsignedLong(offsets[i]);
            long rest = Math.max(0, file.length() - offset);
            long stated = i < counts.length ? Integer.toUnsignedLong(counts[i]) : rest;
            long row = (i % plane) / across * blockHeight;
            // Rows that fill a tile up are compressed with it, but need not be there otherwise.
            boolean full = tiled && compression != NO_COMPRESSION;
            long rows = full ? blockHeight : Math.min(blockHeight, height - row);
            long wanted = bytes(rows, separate ? (int) (i / plane) : -1);
            String missing = missing(offset, stated, rest, wanted);
            if (missing != null) {
                return "%s %d of %d has %s".formatted(kind, i + 1, blocks, missing);
            }
        }
        return null;
    }

    private int samples() {
        return Math.max(1, directory.number(TiffDirectory.SAMPLES_PER_PIXEL, 1));
    }

    /** Bytes of a block's pixels: rows are filled up to whole bytes (TIFF 6.0, section 3). */
    private long bytes(long rows, int plane) {
        int[] bits = directory.numbers(TiffDirectory.BITS_PER_SAMPLE);
        int usual = bits.length == 0 ? 1 : bits[0];
        if (plane >= 0) {
            return rows * ((blockWidth * (plane < bits.length ? bits[plane] : usual) + 7) / 8);
        }
        if (directory.number(TiffDirectory.PHOTOMETRIC, -1) == LUMA_AND_CHROMA && samples() == 3) {
            int[] factors = directory.numbers(TiffDirectory.SUBSAMPLING);
            long across = factors.length == 2 ? Math.max(1, factors[0]) : 2;
            long down = factors.length == 2 ? Math.max(1, factors[1]) : 2;
            long units = ((blockWidth + across - 1) / across) * ((rows + down - 1) / down);
            return (units * (across * down + 2) * usual + 7) / 8;
        }
        long sum = 0;
        for (int i = 0; i < samples(); i++) {
            sum += i < bits.length ? bits[i] : usual;
        }
        return rows * ((blockWidth * sum + 7) / 8);
    }

    /** Describes what is there of a block; null where all of it is. */
    private @Nullable String missing(long offset, long stated, long rest, long wanted)
            throws IOException {
        if (compression == NO_COMPRESSION) {
            return rest < wanted ? "%d of %d bytes".formatted(rest, wanted) : null;
        }
        if (rest < stated) {
            return "%d of %d compressed bytes".formatted(rest, stated);
        }
        if (stated > Integer.MAX_VALUE - 8) {
            throw new IOException("a strip or tile has " + stated + " bytes");
        }
        TiffUnpacking unpacking = TiffUnpacking.of(compression);
        if (unpacking == null) {
            return stated == 0 ? "no bytes" : null;
        }
        byte[] packed = new byte[(int) stated];
        file.seek(offset);
        file.readFully(packed);
        if (directory.number(TiffDirectory.FILL_ORDER, 1) == LOWEST_BIT_FIRST) {
            for (int i = 0; i < packed.length; i++) {
                packed[i] = (byte) (Integer.reverse(packed[i]) >>> 24);
            }
        }
        return unpacking.missing(packed, Math.min(wanted, MAX_BLOCK_BYTES));
    }
}
