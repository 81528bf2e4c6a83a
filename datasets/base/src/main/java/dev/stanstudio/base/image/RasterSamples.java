package dev.stanstudio.base.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import javax.imageio.ImageTypeSpecifier;

/**
 * Copies the samples of decoded rasters. {@code BufferedImage.getRGB} is not used: it converts grey
 * from a linear space and rounds 16-bit samples.
 */
final class RasterSamples {

    private RasterSamples() {}

    /**
     * @param palette whether indexed colours are the file's palette even where they are black and
     *     white
     */
    static Picture of(BufferedImage image, boolean palette) {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel index) {
            boolean bilevel = !palette && isBlackAndWhite(index);
            return lookUp(
                    image.getRaster(), index, bilevel ? PixelMode.BILEVEL : PixelMode.PALETTE);
        }
        if (model instanceof PackedColorModel) {
            return packed(image);
        }
        if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
            return ofCmyk(image.getRaster());
        }
        boolean grey = model.getNumColorComponents() == 1;
        PixelMode opaque = grey ? PixelMode.GREY : PixelMode.RGB;
        PixelMode alpha = grey ? PixelMode.GREY_ALPHA : PixelMode.RGBA;
        return components(image.getRaster(), model.hasAlpha() ? alpha : opaque);
    }

    /** As {@link #of} for a palette whose transparent colours become alpha. */
    static Picture ofTransparentPalette(BufferedImage image, IndexColorModel index) {
        return lookUp(image.getRaster(), index, PixelMode.RGBA);
    }

    /**
     * @param transparent whether the colours of a {@code tRNS} chunk, which the decoder adds as
     *     alpha, are kept apart
     */
    static Picture ofPng(BufferedImage image, PngHeader header, boolean transparent) {
        ColorModel model = image.getColorModel();
        boolean added = transparent && model.hasAlpha();
        if (model instanceof IndexColorModel index) {
            PixelMode mode = added ? PixelMode.RGBA : header.mode();
            return lookUp(image.getRaster(), index, mode);
        }
        PixelMode mode = header.mode();
        if (added && !mode.hasAlpha()) {
            mode = mode == PixelMode.RGB ? PixelMode.RGBA : PixelMode.GREY_ALPHA;
        }
        return components(image.getRaster(), mode);
    }

    /** Interleaved inks of a TIFF, 0 without ink. */
    static Picture ofCmyk(Raster raster) {
        return cmyk(raster, components(raster, PixelMode.RGBA).samples());
    }

    /**
     * Inks of a JPEG, 255 without ink: Adobe's programs write them so, and Pillow takes all for
     * theirs, with their marker or without.
     *
     * @param lumaAndChroma whether the first three are turned into luma and chroma, which gives the
     *     inverted inks as JFIF's formula gives red, green and blue
     */
    static Picture ofInvertedCmyk(Raster raster, boolean lumaAndChroma) {
        byte[] inks = components(raster, PixelMode.RGBA).samples();
        if (lumaAndChroma) {
            PixelConversions.lumaAndChromaToInks(inks);
        } else {
            for (int i = 0; i < inks.length; i++) {
                inks[i] = (byte) ~inks[i];
            }
        }
        return cmyk(raster, inks);
    }

    private static Picture cmyk(Raster raster, byte[] inks) {
        byte[] rgb = PixelConversions.cmykToRgb(inks);
        return Picture.adopt(raster.getWidth(), raster.getHeight(), PixelMode.RGB, rgb);
    }

    /**
     * An image whose memory is laid out as a {@link Picture}'s: what readers choose themselves is
     * in the order blue, green, red, which costs them and us a turn of each pixel.
     */
    static BufferedImage rgbImage(int width, int height) {
        return ImageTypeSpecifier.createInterleaved(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        new int[] {0, 1, 2},
                        DataBuffer.TYPE_BYTE,
                        false,
                        false)
                .createBufferedImage(width, height);
    }

    /** Wraps the memory of an image made by {@link #rgbImage}. */
    static Picture ofRgbImage(BufferedImage image) {
        byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        return Picture.adopt(image.getWidth(), image.getHeight(), PixelMode.RGB, samples);
    }

    private static boolean isBlackAndWhite(IndexColorModel index) {
        return index.getMapSize() == 2
                && Math.min(index.getRGB(0), index.getRGB(1)) == 0xFF000000
                && Math.max(index.getRGB(0), index.getRGB(1)) == 0xFFFFFFFF;
    }

    private static Picture lookUp(Raster raster, IndexColorModel index, PixelMode mode) {
        int colours = index.getMapSize();
        byte[] table = new byte[4 * colours];
        for (int i = 0; i < colours; i++) {
            table[4 * i] = (byte) index.getRed(i);
            table[4 * i + 1] = (byte) index.getGreen(i);
            table[4 * i + 2] = (byte) index.getBlue(i);
            table[4 * i + 3] = (byte) index.getAlpha(i);
        }
        return lookUp(raster, table, mode);
    }

    /**
     * The colours that the raster's numbers stand for.
     *
     * @param table red, green, blue and alpha of each number
     */
    static Picture lookUp(Raster raster, byte[] table, PixelMode mode) {
        int channels = mode.channels();
        int width = raster.getWidth();
        int[] row = new int[width];
        byte[] out = new byte[Math.multiplyExact(width * channels, raster.getHeight())];
        for (int y = 0, to = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                System.arraycopy(table, 4 * row[x], out, to, channels);
                to += channels;
            }
        }
        return Picture.adopt(width, raster.getHeight(), mode, out);
    }

    /** As {@link #lookUp} where a second band is the alpha of each pixel. */
    static Picture lookUpWithAlpha(Raster raster, byte[] table) {
        byte[] out = lookUp(raster, table, PixelMode.RGBA).samples();
        byte[] alpha = components(raster, PixelMode.GREY_ALPHA).samples();
        for (int i = 0; i < alpha.length / 2; i++) {
            out[4 * i + 3] = alpha[2 * i + 1];
        }
        return Picture.adopt(raster.getWidth(), raster.getHeight(), PixelMode.RGBA, out);
    }

    /** Red, green, blue and the first of the samples behind them. */
    static Picture ofRgba(Raster raster) {
        return components(raster, PixelMode.RGBA);
    }

    private static Picture components(Raster raster, PixelMode mode) {
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer) {
            return bytes(raster, model, buffer, mode);
        }
        return anyComponents(raster, mode);
    }

    /**
     * Layout that JPEG and most PNG files decode to; asking for rows of integers takes twice as
     * long.
     */
    private static Picture bytes(
            Raster raster,
            PixelInterleavedSampleModel model,
            DataBufferByte buffer,
            PixelMode mode) {
        byte[] data = buffer.getData();
        int[] offsets = model.getBandOffsets();
        int step = model.getPixelStride();
        int channels = mode.channels();
        int width = raster.getWidth();
        int[] starts = new int[channels];
        byte[] out = new byte[Math.multiplyExact(width * channels, raster.getHeight())];
        int x0 = raster.getMinX() - raster.getSampleModelTranslateX();
        for (int y = 0; y < raster.getHeight(); y++) {
            int row = raster.getMinY() - raster.getSampleModelTranslateY() + y;
            int start = buffer.getOffset() + row * model.getScanlineStride() + x0 * step;
            for (int c = 0; c < channels; c++) {
                starts[c] = start + offsets[c];
            }
            copyRow(data, starts, step, out, y * width * channels, width);
        }
        return Picture.adopt(width, raster.getHeight(), mode, out);
    }

    /** Copies a row of {@code width} pixels; channel c of the first lies at {@code starts[c]}. */
    private static void copyRow(
            byte[] from, int[] starts, int step, byte[] to, int begin, int width) {
        int channels = starts.length;
        if (step == channels && inOrder(starts)) {
            System.arraycopy(from, starts[0], to, begin, width * channels);
            return;
        }
        if (channels == 3) {
            int red = starts[0];
            int green = starts[1];
            int blue = starts[2];
            for (int x = 0, p = begin; x < width * step; x += step, p += 3) {
                to[p] = from[red + x];
                to[p + 1] = from[green + x];
                to[p + 2] = from[blue + x];
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < width; x++) {
                to[begin + x * channels + c] = from[starts[c] + x * step];
            }
        }
    }

    private static boolean inOrder(int[] starts) {
        for (int c = 1; c < starts.length; c++) {
            if (starts[c] != starts[0] + c) {
                return false;
            }
        }
        return true;
    }

    private static Picture anyComponents(Raster raster, PixelMode mode) {
        int bands = raster.getNumBands();
        int channels = mode.channels();
        int shift = sampleBits(raster) - 8;
        int width = raster.getWidth();
        int[] row = new int[width * bands];
        byte[] out = new byte[Math.multiplyExact(width * channels, raster.getHeight())];
        for (int y = 0, to = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    out[to++] = (byte) (row[x * bands + c] >> shift);
                }
            }
        }
        return Picture.adopt(width, raster.getHeight(), mode, out);
    }

    private static int sampleBits(Raster raster) {
        int bits = raster.getSampleModel().getSampleSize(0);
        if (bits != 8 && bits != 16) {
            throw new IllegalArgumentException(
                    "samples of " + bits + " bits; save it with 8 or 16");
        }
        return bits;
    }

    /** Fields of a word, 5 or 6 bits widened as Pillow does: 255 of the largest, cut off. */
    private static Picture packed(BufferedImage image) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        PixelMode mode = bands == 4 ? PixelMode.RGBA : PixelMode.RGB;
        int[] largest = new int[bands];
        for (int band = 0; band < bands; band++) {
            largest[band] = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
        }
        int[] row = new int[image.getWidth() * bands];
        byte[] out = new byte[Math.multiplyExact(row.length, image.getHeight())];
        for (int y = 0, to = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, image.getWidth(), 1, row);
            for (int i = 0; i < row.length; i++) {
                out[to++] = (byte) (row[i] * 255 / largest[i % bands]);
            }
        }
        return Picture.adopt(image.getWidth(), image.getHeight(), mode, out);
    }
}
