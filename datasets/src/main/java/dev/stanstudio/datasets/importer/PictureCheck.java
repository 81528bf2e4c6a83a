package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Orientation;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.similar.PictureHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a file is a picture the program can read. Size and format come from the header, so
 * a picture that would unpack into too much memory is refused before. Thread-safe.
 */
final class PictureCheck {
    /**
     * What the picture is.
     *
     * @param extension fits the content, whatever the file was called
     * @param width of the picture turned upright, like its height
     * @param dhash what it looks like, null unless it was decoded
     */
    record Header(String extension, int width, int height, @Nullable PictureHash dhash) {
        long pixels() {
            return (long) width * height;
        }
    }

    private static final Map<String, String> EXTENSIONS =
            Map.of(
                    "png", "png", "jpeg", "jpg", "gif", "gif", "bmp", "bmp", "tif", "tif", "tiff",
                    "tif", "webp", "webp");

    /** The decoded samples, the decoder's own copy, one turned and in grey, and wide samples. */
    private static final int BYTES_PER_PIXEL = 14;

    private static final int MIB = 1 << 20;

    private final boolean decode;
    private final long maxPixels;
    private final int memory;
    private final Semaphore free;

    /**
     * @param decode whether pictures are decoded whole
     * @param maxPixels the largest picture accepted
     * @param memoryBytes what all decoding at one time may take
     */
    PictureCheck(boolean decode, long maxPixels, long memoryBytes) {
        this.decode = decode;
        this.maxPixels = maxPixels;
        this.memory = (int) Math.max(1, memoryBytes / MIB);
        this.free = new Semaphore(memory, true);
    }

    /**
     * @throws UserException when it cannot be used; the message begins with what the picture is
     */
    Header check(Path file) throws IOException, InterruptedException {
        if (Files.size(file) == 0) {
            throw new UserException("is empty");
        }
        Header header = header(file);
        if (header.pixels() > maxPixels) {
            throw new UserException(
                    header.width()
                            + "x"
                            + header.height()
                            + " pixels are more than the limit of "
                            + maxPixels
                            + " (--max-pixels)");
        }
        PictureHash dhash = decode ? decode(file, header) : null;
        boolean swapped = Orientation.of(file).swapsSides();
        return new Header(
                header.extension(),
                swapped ? header.height() : header.width(),
                swapped ? header.width() : header.height(),
                dhash);
    }

    private static Header header(Path file) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            while (readers.hasNext()) {
                ImageReader reader = readers.next();
                String extension = EXTENSIONS.get(reader.getFormatName().toLowerCase(Locale.ROOT));
                if (extension != null) {
                    return header(in, reader, extension);
                }
            }
        }
        throw new UserException(
                "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture; convert it to one of these");
    }

    private static Header header(ImageInputStream in, ImageReader reader, String extension) {
        try {
            reader.setInput(in, true, true);
            return new Header(extension, reader.getWidth(0), reader.getHeight(0), null);
        } catch (IOException | RuntimeException e) {
            // The JDK's readers answer damage with whatever exception the wrong byte leads to.
            throw new UserException("has a damaged header: " + SourceTree.reason(e), e);
        } finally {
            reader.dispose();
        }
    }

    private PictureHash decode(Path file, Header header) throws InterruptedException {
        long needed = header.pixels() * BYTES_PER_PIXEL / MIB + 1;
        if (needed > memory) {
            throw new UserException(
                    header.width()
                            + "x"
                            + header.height()
                            + " pixels need "
                            + needed
                            + " MiB to decode, "
                            + memory
                            + " are there; give Java more memory");
        }
        free.acquire((int) needed);
        try {
            return PictureHash.of(Picture.readUpright(file));
        } catch (UserException e) {
            String message = String.valueOf(e.getMessage());
            throw new UserException(
                    message.replace("picture " + file + " ", "").replace(file + " ", ""), e);
        } finally {
            free.release((int) needed);
        }
    }
}
