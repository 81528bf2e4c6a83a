package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes picture files with the readers of the JDK, and WebP by itself, and takes the samples as
 * stored, without colour management.
 */
final class PictureReader {

    /** Pictures with more pixels are refused unread; the limit at which Pillow stops. */
    static final long MAX_PIXELS = 178_956_970;

    /** The decoder's samples of 8 bits, a copy of them and what is made of it. */
    private static final int BYTES_PER_PIXEL = 8;

    private static final int MIB = 1 << 20;

    private PictureReader() {}

    /**
     * The picture's samples, turned only where Pillow turns them whatever is asked for.
     *
     * @param transparent whether transparent colours of palettes and of {@code tRNS} chunks become
     *     alpha; channels of alpha are there in any case
     */
    static Picture read(Path file, boolean transparent) {
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    Files.exists(file)
                            ? file + " is not a picture file but a folder or device"
                            : "there is no picture " + file);
        }
        try {
            PictureFormat format = PictureFormat.require(file, file + " ");
            StatedSize.require(file, format);
            if (format == PictureFormat.WEBP) {
                return webp(file);
            }
            ImageReader reader = reader(format);
            try {
                return decode(file, format, reader, transparent);
            } finally {
                reader.dispose();
            }
        } catch (UserException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            // One array was too large; what was made before it is freed.
            throw new UserException(
                    "picture "
                            + file
                            + " does not fit into memory; shrink it or give Java more"
                            + " memory (-Xmx)",
                    e);
        } catch (IOException | RuntimeException e) {
            // The JDK's readers throw arbitrary exceptions for damaged files.
            throw new UserException(
                    "picture " + file + " is damaged or cannot be read: " + reason(e), e);
        }
    }

    /** A decoder of a format; its owner disposes of it. */
    static ImageReader reader(PictureFormat format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
        if (!readers.hasNext()) {
            throw new IllegalStateException("no decoder for " + format + " is on the class path");
        }
        return readers.next();
    }

    private static Picture decode(
            Path file, PictureFormat format, ImageReader reader, boolean transparent)
            throws IOException {
        if (format == PictureFormat.JPEG) {
            return JpegReader.read(file, reader);
        }
        if (format == PictureFormat.GIF) {
            GifFrame gif = GifFrame.of(file);
            refuseBomb(file, gif.width(), gif.height());
            return GifReader.read(gif, reader, transparent);
        }
        if (format == PictureFormat.TIFF) {
            TiffData.requireWhole(file);
        }
        try (ImageInputStream in = input(file, format)) {
            PngHeader png = format == PictureFormat.PNG ? PngHeader.peek(in) : null;
            reader.setInput(in, true, true);
            int bytes = png == null ? BYTES_PER_PIXEL : png.decodingBytes();
            refuseBomb(file, reader.getWidth(0), reader.getHeight(0), bytes);
            if (png != null) {
                return RasterSamples.ofPng(reader.read(0), png, transparent);
            }
            return format == PictureFormat.TIFF
                    ? TiffReader.read(file, reader)
                    : RasterSamples.of(reader.read(0), false);
        }
    }

    /** The file for the JDK's decoder of its format. */
    static ImageInputStream input(Path file, PictureFormat format) throws IOException {
        byte[] rewritten = format == PictureFormat.BMP ? BmpRewrite.readable(file) : null;
        return rewritten == null
                ? new FileImageInputStream(file.toFile())
                : new MemoryCacheImageInputStream(new ByteArrayInputStream(rewritten));
    }

    private static Picture webp(Path file) throws IOException {
        if (WebpChunks.isAnimated(file)) {
            throw new UserException(file + " is an animated WebP; convert it to single pictures");
        }
        WebpStill still = WebpStill.of(WebpChunks.withoutProfile(file));
        refuseBomb(file, still.width(), still.height(), WebpStill.BYTES_PER_PIXEL);
        return still.read();
    }

    /**
     * Refuses a picture by the size its header states.
     *
     * @throws UserException when it has more than {@link #MAX_PIXELS} pixels or does not fit into
     *     Java's memory
     */
    static void refuseBomb(Path file, int width, int height) {
        refuseBomb(file, width, height, BYTES_PER_PIXEL);
    }

    private static void refuseBomb(Path file, int width, int height, int bytesPerPixel) {
        StatedSize.require(file, width, height);
        long pixels = (long) width * height;
        if (pixels > MAX_PIXELS) {
            throw new UserException(
                    "%s has %d pixels (%dx%d), more than the limit of %d; shrink the picture"
                            .formatted(file, pixels, width, height, MAX_PIXELS));
        }
        long needed = pixels * bytesPerPixel / MIB;
        long there = Runtime.getRuntime().maxMemory() / MIB;
        if (needed > there) {
            throw new UserException(
                    "%s has %dx%d pixels, which need %d MiB to decode; %d are there: shrink it or"
                                    .formatted(file, width, height, needed, there)
                            + " give Java more memory (-Xmx)");
        }
    }

    /** The first line of a decoder's message, or the meaning of an exception without one. */
    static String reason(Exception e) {
        String message = e.getMessage();
        boolean numbers =
                e instanceof ArithmeticException
                        || e instanceof NegativeArraySizeException
                        || "Empty region!".equals(message);
        if (numbers) {
            return "it states sizes that are 0, negative or too large";
        }
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
