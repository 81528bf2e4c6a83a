package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.datasets.collection.PictureHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a file is a picture the program can read. Size and format come from the header, so
 * a picture that would unpack into too much memory is refused before. Thread-safe.
 */
final class PictureCheck {
    /**
     * Properties of the picture that was checked.
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
                    "%sx%s pixels are more than the limit of %s (--max-pixels)"
                            .formatted(header.width(), header.height(), maxPixels));
        }
        PictureHash dhash = decode ? decode(file, header) : null;
        return new Header(header.extension(), header.width(), header.height(), dhash);
    }

    private static Header header(Path file) {
        try {
            PictureHeader header = PictureHeader.of(file);
            return new Header(header.format().extension(), header.width(), header.height(), null);
        } catch (UserException e) {
            throw withoutName(file, e);
        }
    }

    /** Replaces the file in the message, whose reader knows it by another name. */
    private static UserException withoutName(Path file, UserException e) {
        String message = String.valueOf(e.getMessage());
        return new UserException(
                message.replace("picture " + file + " ", "").replace(file + " ", ""), e);
    }

    private PictureHash decode(Path file, Header header) throws InterruptedException {
        long needed = header.pixels() * BYTES_PER_PIXEL / MIB + 1;
        if (needed > memory) {
            throw new UserException(
                    "%sx%s pixels need %s MiB to decode, %s are there; give Java more memory"
                            .formatted(header.width(), header.height(), needed, memory));
        }
        free.acquire((int) needed);
        try {
            return PictureHash.of(Picture.read(file, Reading.SEEN));
        } catch (UserException e) {
            throw withoutName(file, e);
        } finally {
            free.release((int) needed);
        }
    }
}
