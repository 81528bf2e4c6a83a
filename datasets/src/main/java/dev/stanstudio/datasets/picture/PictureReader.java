package dev.stanstudio.datasets.picture;

import dev.stanstudio.datasets.UserException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes picture files with the readers of the JDK and, for WebP, of TwelveMonkeys, and takes the
 * samples as stored, without colour management.
 */
final class PictureReader {

    /** Pictures with more pixels are refused unread; the limit at which Pillow stops. */
    static final long MAX_PIXELS = 178_956_970;

    private static final Set<String> FORMATS =
            Set.of("png", "jpeg", "gif", "bmp", "tif", "tiff", "webp");

    private PictureReader() {}

    static Picture read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    Files.exists(file)
                            ? file + " is not a picture file but a folder or device"
                            : "there is no picture " + file);
        }
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            ImageReader reader = reader(file, in);
            try {
                return decode(file, in, reader);
            } finally {
                reader.dispose();
            }
        } catch (UserException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers answer damage with whatever exception the wrong byte leads to.
            throw new UserException(
                    "picture " + file + " is damaged or cannot be read: " + reason(e), e);
        }
    }

    private static ImageReader reader(Path file, ImageInputStream in) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(format(reader))) {
                return reader;
            }
        }
        throw new UserException(
                file
                        + " is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture; convert it to one"
                        + " of these");
    }

    private static String format(ImageReader reader) throws IOException {
        return reader.getFormatName().toLowerCase(Locale.ROOT);
    }

    private static Picture decode(Path file, ImageInputStream in, ImageReader reader)
            throws IOException {
        if (format(reader).equals("jpeg")) {
            return decodeJpeg(file, reader);
        }
        if (format(reader).equals("webp") && WebpChunks.isAnimated(file)) {
            // The library gets the colours of animations wrong.
            throw new UserException(file + " is an animated WebP; convert it to single pictures");
        }
        PngHeader png = format(reader).equals("png") ? PngHeader.peek(in) : null;
        reader.setInput(in, true, true);
        refuseBomb(file, reader.getWidth(0), reader.getHeight(0));
        BufferedImage image = reader.read(0);
        if (png != null) {
            return RasterSamples.ofPng(image, png);
        }
        return RasterSamples.of(image, format(reader).equals("gif"));
    }

    private static void refuseBomb(Path file, int width, int height) {
        long pixels = (long) width * height;
        if (pixels > MAX_PIXELS) {
            throw new UserException(
                    file
                            + " has "
                            + pixels
                            + " pixels ("
                            + width
                            + "x"
                            + height
                            + "), more than the limit of "
                            + MAX_PIXELS
                            + "; shrink the picture");
        }
    }

    private static Picture decodeJpeg(Path file, ImageReader reader) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        JpegSegments segments = new JpegSegments(bytes);
        segments.blotColourProfile();
        reader.setInput(
                new MemoryCacheImageInputStream(
                        new ByteArrayInputStream(segments.withKnownColours())),
                true,
                true);
        refuseBomb(file, reader.getWidth(0), reader.getHeight(0));
        // The reader paints what a truncated file lacks grey, and only warns.
        AtomicBoolean truncated = new AtomicBoolean();
        reader.addIIOReadWarningListener(
                (source, warning) -> {
                    if (warning.startsWith("Truncated File")) {
                        truncated.set(true);
                    }
                });
        Picture picture = jpegSamples(reader, segments);
        if (truncated.get()) {
            throw new UserException("picture " + file + " is truncated; fetch it again");
        }
        return picture;
    }

    private static Picture jpegSamples(ImageReader reader, JpegSegments segments)
            throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        int bands = types.hasNext() ? types.next().getNumBands() : 4;
        return switch (bands) {
            case 4 -> RasterSamples.ofCmyk(reader.readRaster(0, null), segments.hasAdobeMarker());
            case 3 -> {
                ImageReadParam param = reader.getDefaultReadParam();
                param.setDestination(
                        RasterSamples.rgbImage(reader.getWidth(0), reader.getHeight(0)));
                yield RasterSamples.ofRgbImage(reader.read(0, param));
            }
            default -> RasterSamples.of(reader.read(0), false);
        };
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
