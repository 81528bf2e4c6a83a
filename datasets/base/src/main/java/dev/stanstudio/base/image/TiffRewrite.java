package dev.stanstudio.base.image;

import java.awt.image.WritableRaster;

/**
 * Undoes what the JDK's reader of TIFF cannot: differences between neighbours of 16 bits (TIFF 6.0,
 * section 14) and, before PackBits or Deflate, bytes whose lowest bit comes first (section 8,
 * {@code FillOrder}).
 */
final class TiffRewrite {
    private static final int DIFFERENCES = 2;
    private static final int LOWEST_BIT_FIRST = 2;
    private static final int PACK_BITS = 32773;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;
    private static final int WIDE_BITS = 16;
    private static final int MASK = 0xFFFF;

    private TiffRewrite() {}

    /** Returns whether neighbouring samples of 16 bits are stored as differences. */
    static boolean hasWideDifferences(TiffDirectory directory) {
        return directory.number(TiffDirectory.PREDICTOR, 1) == DIFFERENCES
                && directory.number(TiffDirectory.BITS_PER_SAMPLE, 1) == WIDE_BITS;
    }

    /** Returns whether the compressed bytes are mirrored in a way that the reader does not know. */
    static boolean isMirrored(TiffDirectory directory) {
        int compression = directory.number(TiffDirectory.COMPRESSION, 1);
        return directory.number(TiffDirectory.FILL_ORDER, 1) == LOWEST_BIT_FIRST
                && (compression == PACK_BITS
                        || compression == DEFLATE
                        || compression == OLD_DEFLATE);
    }

    /**
     * Reverses the bits of each byte in every strip or tile of {@code file} and updates its
     * directory.
     */
    static void mirror(byte[] file, TiffDirectory directory) {
        boolean tiled = directory.numbers(TiffDirectory.TILE_OFFSETS).length > 0;
        int[] offsets =
                directory.numbers(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
        int[] counts =
                directory.numbers(tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES);
        for (int i = 0; i < Math.min(offsets.length, counts.length); i++) {
            long end = (long) Math.max(0, offsets[i]) + Math.max(0, counts[i]);
            for (int at = Math.max(0, offsets[i]); at < Math.min(end, file.length); at++) {
                file[at] = (byte) (Integer.reverse(file[at]) >>> 24);
            }
        }
        directory.setShort(file, TiffDirectory.FILL_ORDER, 1);
    }

    /**
     * Adds the differences up, along rows and within a tile.
     *
     * @param tileWidth number of samples of a row in a tile
     * @param inverted whether 0 is white, which becomes 65535
     */
    static void addUp(WritableRaster raster, int tileWidth, boolean inverted) {
        int width = raster.getWidth();
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int band = 0; band < raster.getNumBands(); band++) {
                raster.getSamples(0, y, width, 1, band, row);
                for (int x = 1; x < width; x++) {
                    row[x] = x % tileWidth == 0 ? row[x] : (row[x] + row[x - 1]) & MASK;
                }
                for (int x = 0; inverted && x < width; x++) {
                    row[x] = MASK - row[x];
                }
                raster.setSamples(0, y, width, 1, band, row);
            }
        }
    }
}
