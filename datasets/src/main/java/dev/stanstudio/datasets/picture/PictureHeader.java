package dev.stanstudio.datasets.picture;

import dev.stanstudio.datasets.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * Format, size and orientation of a picture file, found without decoding pixels.
 *
 * @param width of the picture turned upright, like its height
 */
public record PictureHeader(
        PictureFormat format, int width, int height, Orientation orientation) {

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
            // The JDK's readers answer damage with whatever exception the wrong byte leads to.
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new UserException(
                    file + " has a damaged header: " + reason.lines().findFirst().orElse(""), e);
        }
    }

    private static PictureHeader of(Path file, PictureFormat format) throws IOException {
        Orientation orientation = Orientation.of(file);
        int width;
        int height;
        if (format == PictureFormat.GIF) {
            GifReader gif = GifReader.of(file);
            width = gif.width();
            height = gif.height();
        } else {
            ImageReader reader = PictureReader.reader(format);
            try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
                reader.setInput(in, true, true);
                width = reader.getWidth(0);
                height = reader.getHeight(0);
            } finally {
                reader.dispose();
            }
        }
        boolean swapped = orientation.swapsSides();
        return new PictureHeader(
                format, swapped ? height : width, swapped ? width : height, orientation);
    }

    /** Whether reading the file turns it in any case. */
    static boolean isTurnedByDecoder(Path file) {
        try {
            return PictureFormat.of(file) == PictureFormat.TIFF;
        } catch (IOException e) {
            throw new UserException("picture " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }
}
