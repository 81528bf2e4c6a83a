package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the first picture of TIFF files by the JDK, and what the JDK reads otherwise, as Pillow.
 */
final class TiffReader {
    private static final int PALETTE = 3;
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int INKS = 5;
    private static final int JPEG = 7;
    private static final int LAB = 8;
    private static final int ICC_LAB = 9;
    private static final int FLOATING_POINT = 3;
    private static final int INK_CHANNELS = 4;
    private static final long MAX_REWRITTEN_BYTES = 1 << 30;

    private static final Map<Integer, String> COMPRESSIONS =
            Map.of(
                    50000, "Zstandard",
                    34925, "LZMA",
                    50001, "WebP",
                    50002, "JPEG XL",
                    34712, "JPEG 2000",
                    34887, "LERC",
                    32809, "ThunderScan",
                    34676, "SGILog",
                    34892, "lossy JPEG of DNG");

    private TiffReader() {}

    /** Reads from a reader whose input is the file; turned by its tag, as Pillow always does. */
    static Picture read(Path file, ImageReader reader) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            TiffDirectory directory = TiffDirectory.of(bytes);
            if (directory == null) {
                throw new UserException("picture " + file + " is damaged: it has no directory");
            }
            refuse(file, directory);
            Picture stored =
                    directory.number(TiffDirectory.PHOTOMETRIC, -1) == LAB
                            ? lab(file, directory, reader)
                            : samples(image(file, directory, reader), directory);
            return Orientation.of(file).upright(stored);
        }
    }

    private static void refuse(Path file, TiffDirectory directory) {
        String compression = COMPRESSIONS.get(directory.number(TiffDirectory.COMPRESSION, 1));
        int bits = directory.number(TiffDirectory.BITS_PER_SAMPLE, 1);
        int photometric = directory.number(TiffDirectory.PHOTOMETRIC, -1);
        String what = null;
        if (compression != null) {
            what = "a TIFF compressed by " + compression;
        } else if (directory.number(TiffDirectory.SAMPLE_FORMAT, 1) == FLOATING_POINT) {
            what = "a TIFF of floating-point samples";
        } else if (bits > 16) {
            what = "a TIFF with samples of " + bits + " bits";
        } else if (photometric > ICC_LAB - 1 || (photometric == LAB && bits != 8)) {
            what =
                    ("a TIFF in colours that are not read (photometric interpretation %s of %s"
                                    + " bits)")
                            .formatted(photometric, bits);
        }
        if (what != null) {
            throw new UserException(
                    ("picture %s is %s; save it as a TIFF of 8 or 16 bits compressed by LZW or"
                                    + " Deflate, or as PNG")
                            .formatted(file, what));
        }
    }

    /** Decodes the picture, after undoing what the reader cannot. */
    private static BufferedImage image(Path file, TiffDirectory directory, ImageReader reader)
            throws IOException {
        boolean wide = TiffRewrite.hasWideDifferences(directory);
        boolean mirrored = TiffRewrite.isMirrored(directory);
        if (!wide && !mirrored) {
            return reader.read(0);
        }
        byte[] bytes = bytes(file);
        boolean inverted = directory.number(TiffDirectory.PHOTOMETRIC, -1) == WHITE_IS_ZERO;
        if (mirrored) {
            TiffRewrite.mirror(bytes, directory);
        }
        if (wide) {
            directory.setShort(bytes, TiffDirectory.PREDICTOR, 1);
        }
        if (wide && inverted) {
            directory.setShort(bytes, TiffDirectory.PHOTOMETRIC, BLACK_IS_ZERO);
        }
        setInput(reader, bytes);
        BufferedImage image = reader.read(0);
        if (wide) {
            int tile = directory.number(TiffDirectory.TILE_WIDTH, image.getWidth());
            TiffRewrite.addUp(image.getRaster(), Math.max(1, tile), inverted);
        }
        return image;
    }

    private static Picture samples(BufferedImage image, TiffDirectory directory) {
        Raster raster = image.getRaster();
        byte[] table = palette(directory);
        if (table != null && image.getColorModel() instanceof IndexColorModel) {
            return RasterSamples.lookUp(raster, table, PixelMode.PALETTE);
        }
        if (table != null && raster.getNumBands() == 2) {
            return alphaOf(directory, RasterSamples.lookUpWithAlpha(raster, table));
        }
        if (directory.number(TiffDirectory.PHOTOMETRIC, -1) == INKS
                && raster.getNumBands() >= INK_CHANNELS) {
            // The JDK inverts inks in JPEG, as Adobe's programs write them into JPEG files.
            return directory.number(TiffDirectory.COMPRESSION, 1) == JPEG
                    ? RasterSamples.ofInvertedCmyk(raster, false)
                    : RasterSamples.ofCmyk(raster);
        }
        boolean jpeg = directory.number(TiffDirectory.COMPRESSION, 1) == JPEG;
        if (directory.number(TiffDirectory.PHOTOMETRIC, -1) == RGB
                && raster.getNumBands() > (jpeg ? 3 : 4)) {
            Picture rgba = RasterSamples.ofRgba(raster);
            // The JDK takes any four channels in JPEG for inks and inverts them.
            return alphaOf(directory, jpeg ? PixelConversions.inverted(rgba) : rgba);
        }
        Picture picture = RasterSamples.of(image, false);
        return picture.mode().hasAlpha() ? alphaOf(directory, picture) : picture;
    }

    /** The picture, its last channel taken for what the first extra sample is. */
    private static Picture alphaOf(TiffDirectory directory, Picture picture) {
        return switch (directory.extraSample()) {
            case TiffDirectory.UNSPECIFIED -> PixelConversions.opaque(picture);
            case TiffDirectory.MULTIPLIED -> PixelConversions.unpackPremultiplied(picture);
            default -> picture;
        };
    }

    /** The colour map's high bytes, which is what Pillow takes; null where there is none. */
    private static byte @Nullable [] palette(TiffDirectory directory) {
        int[] map = directory.numbers(TiffDirectory.COLOR_MAP);
        if (directory.number(TiffDirectory.PHOTOMETRIC, -1) != PALETTE || map.length == 0) {
            return null;
        }
        int colours = map.length / 3;
        int numbers = 1 << directory.number(TiffDirectory.BITS_PER_SAMPLE, 1);
        byte[] table = new byte[4 * Math.max(colours, numbers)];
        for (int i = 0; i < colours; i++) {
            for (int c = 0; c < 3; c++) {
                table[4 * i + c] = (byte) (map[c * colours + i] >> 8);
            }
            table[4 * i + 3] = -1;
        }
        return table;
    }

    /** Declares L*a*b* as red, green, blue, since the JDK has colours of its own for it. */
    private static Picture lab(Path file, TiffDirectory directory, ImageReader reader)
            throws IOException {
        byte[] bytes = bytes(file);
        directory.setShort(bytes, TiffDirectory.PHOTOMETRIC, RGB);
        setInput(reader, bytes);
        Picture stored = RasterSamples.of(reader.read(0), false);
        return LabColours.toRgb(PixelConversions.opaque(stored));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_REWRITTEN_BYTES) {
            throw new UserException(
                    "picture " + file + " is a TIFF of a rare kind and of more than 1 GiB");
        }
        return Files.readAllBytes(file);
    }

    private static void setInput(ImageReader reader, byte[] bytes) {
        reader.setInput(
                new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
    }
}
