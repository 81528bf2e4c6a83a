package dev.stanstudio.base.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An 8-bit picture: {@code height} rows of {@code width} pixels, the channels of a pixel side by
 * side, row 0 on top. Immutable, so it may be shared between threads.
 */
public final class Picture {

    private final int width;
    private final int height;
    private final PixelMode mode;
    private final byte[] samples;

    private Picture(int width, int height, PixelMode mode, byte[] samples) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "a picture needs at least 1x1 pixels, not " + width + "x" + height);
        }
        if (samples.length != (long) width * height * mode.channels()) {
            throw new IllegalArgumentException(
                    "%s samples do not make a %sx%s picture of %s channel(s)"
                            .formatted(samples.length, width, height, mode.channels()));
        }
        this.width = width;
        this.height = height;
        this.mode = mode;
        this.samples = samples;
    }

    /**
     * A picture of the given samples, which are copied.
     *
     * @param samples unsigned bytes, {@code [height, width, channels]}
     * @throws IllegalArgumentException when their number is not width times height times channels
     */
    public static Picture of(int width, int height, PixelMode mode, byte[] samples) {
        return new Picture(width, height, mode, samples.clone());
    }

    /** As {@link #of}, without the copy: the caller must not use the array afterwards. */
    static Picture adopt(int width, int height, PixelMode mode, byte[] samples) {
        return new Picture(width, height, mode, samples);
    }

    /**
     * Decodes a PNG, JPEG, GIF (first frame), BMP, TIFF or WebP (not animated) file in its own
     * mode, as Pillow's {@code Image.open} does; the format is found from the content, not from the
     * file's name. The same as {@link Reading#STORED}.
     *
     * <p>16-bit samples keep their high byte (Pillow clips 16-bit grey at 255 instead, which turns
     * it white). Colour profiles and the {@code tRNS} chunk of PNG are ignored, as by Pillow.
     *
     * @throws dev.stanstudio.base.UserException when the file is missing, damaged, of another
     *     format or larger than {@link PictureReader#MAX_PIXELS} pixels
     */
    public static Picture read(Path file) {
        return read(file, Reading.STORED);
    }

    /**
     * Decodes a picture file as {@code reading} says.
     *
     * @throws dev.stanstudio.base.UserException as {@link #read(Path)}
     */
    public static Picture read(Path file, Reading reading) {
        return reading.read(file);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public PixelMode mode() {
        return mode;
    }

    /** A copy of the samples, unsigned bytes {@code [height, width, channels]}. */
    public byte[] samples() {
        return samples.clone();
    }

    /** The samples themselves, for reading only. */
    byte[] array() {
        return samples;
    }

    /** One sample, 0 to 255. */
    public int sample(int x, int y, int channel) {
        return samples[(y * width + x) * mode.channels() + channel] & 0xFF;
    }

    /**
     * This picture in RGB, as Pillow's {@code convert("RGB")}: grey is repeated, alpha is dropped
     * and whatever colour it hid comes out.
     */
    public Picture toRgb() {
        return PixelConversions.toRgb(this);
    }

    /**
     * This picture in grey, as Pillow's {@code convert("L")}: ITU-R 601 luma in 16-bit fixed point,
     * {@code (19595 R + 38470 G + 7471 B + 32768) >> 16}; alpha is dropped.
     */
    public Picture toGrey() {
        return PixelConversions.toGrey(this);
    }

    /**
     * This picture in RGB over a white ground, as Pillow's {@code alpha_composite} on opaque white.
     */
    public Picture onWhite() {
        return PixelConversions.onWhite(this);
    }

    /**
     * The rectangle whose upper left pixel is ({@code left}, {@code top}).
     *
     * @throws IllegalArgumentException when it does not lie within this picture
     */
    public Picture crop(int left, int top, int cropWidth, int cropHeight) {
        requireWithin(left, top, cropWidth, cropHeight);
        if (cropWidth == width && cropHeight == height) {
            return this;
        }
        int pixel = mode.channels();
        byte[] out = new byte[cropWidth * cropHeight * pixel];
        for (int y = 0; y < cropHeight; y++) {
            System.arraycopy(
                    samples,
                    ((top + y) * width + left) * pixel,
                    out,
                    y * cropWidth * pixel,
                    cropWidth * pixel);
        }
        return new Picture(cropWidth, cropHeight, mode, out);
    }

    private void requireWithin(int left, int top, int cropWidth, int cropHeight) {
        if (left < 0
                || top < 0
                || cropWidth < 1
                || cropHeight < 1
                || cropWidth > width - left
                || cropHeight > height - top) {
            throw new IllegalArgumentException(
                    "crop %sx%s at %s,%s does not lie within a %sx%s picture"
                            .formatted(cropWidth, cropHeight, left, top, width, height));
        }
    }

    /**
     * Writes an 8-bit PNG (grey, grey with alpha, RGB or RGBA); equal pictures give equal bytes.
     * The file appears whole or not at all: an existing one is replaced only by the finished new
     * one.
     *
     * @throws dev.stanstudio.base.UserException when the folder is missing or cannot be written
     */
    public void writePng(Path file) {
        PngFile.write(file, this, List.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && width == that.width
                && height == that.height
                && mode == that.mode
                && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(samples) * 31 + width;
    }

    @Override
    public String toString() {
        return "%s picture, %sx%s".formatted(mode, width, height);
    }
}
