package dev.stanstudio.base.image;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Format, size and orientation of a picture file, found without decoding pixels.
 *
 * @param width of the picture turned upright, like its height
 * @param transparent whether it has a channel of alpha or a transparent colour, used or not
 */
public record PictureHeader(
        PictureFormat format, int width, int height, Orientation orientation, boolean transparent) {

    /**
     * Reads the header of {@code file}.
     *
     * @throws UserException when it is missing, damaged or of another format; the message names the
     *     file
     */
    public static PictureHeader of(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException("there is no picture " + file);
        }
        try {
            return of(file, PictureFormat.require(file, file + " "));
        } catch (UserException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers throw arbitrary exceptions for damaged files.
            throw new UserException(file + " has a damaged header: " + PictureReader.reason(e), e);
        }
    }

    private static PictureHeader of(Path file, PictureFormat format) throws IOException {
        StatedSize.require(file, format);
        Orientation orientation = Orientation.of(file);
        Size size = size(file, format);
        // A JPEG may state its height behind its pixels, which reading it names.
        boolean open = format == PictureFormat.JPEG && size.height == 0;
        StatedSize.require(file, size.width, open ? 1 : size.height);
        boolean swapped = orientation.swapsSides();
        return new PictureHeader(
                format,
                swapped ? size.height : size.width,
                swapped ? size.width : size.height,
                orientation,
                Transparency.isStated(file, format));
    }

    /** Sides of the picture as stored. */
    private record Size(int width, int height) {}

    private static Size size(Path file, PictureFormat format) throws IOException {
        return switch (format) {
            case GIF -> {
                GifFrame gif = GifFrame.of(file);
                yield new Size(gif.width(), gif.height());
            }
            case JPEG -> {
                JpegFrame frame = JpegSegments.of(file).frame();
                if (frame == null) {
                    throw new IOException("it has no frame header");
                }
                yield new Size(frame.width(), frame.height());
            }
            case WEBP -> {
                WebpStill still = WebpStill.of(WebpChunks.withoutProfile(file));
                yield new Size(still.width(), still.height());
            }
            case PNG, BMP, TIFF -> size(format, PictureReader.input(file, format));
        };
    }

    private static Size size(PictureFormat format, ImageInputStream in) throws IOException {
        ImageReader reader = PictureReader.reader(format);
        try (in) {
            reader.setInput(in, true, true);
            return new Size(reader.getWidth(0), reader.getHeight(0));
        } finally {
            reader.dispose();
        }
    }

    /** Returns whether reading the file turns it in any case. */
    static boolean isTurnedByDecoder(Path file) {
        try {
            return PictureFormat.of(file) == PictureFormat.TIFF;
        } catch (IOException e) {
            throw new UserException(
                    "picture " + file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }
}
