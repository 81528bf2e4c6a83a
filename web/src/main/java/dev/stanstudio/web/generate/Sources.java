package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.PictureHeader;
import dev.stanstudio.datasets.picture.PngFile;
import dev.stanstudio.datasets.picture.Reading;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.picture.PictureFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures to start from, and masks that say where. */
final class Sources {
    /** How much of the schedule runs unless something else is asked for, as in the reference. */
    static final double STRENGTH = 0.6;

    private static final String DATA = "data:image/png;base64,";
    private static final int MOST_MASK = 8 << 20;

    private final PictureFiles files;

    Sources(PictureFiles files) {
        this.files = files;
    }

    /**
     * @param picture id of a finished picture
     * @param mask a PNG as a data URL, white where the picture is painted anew; empty for none
     */
    ImageInput input(String picture, String mask, double strength) {
        Path source = files.png(picture);
        if (!Files.exists(source)) {
            throw new ArgumentException("the picture to start from is gone; choose another");
        }
        return ImageInput.of(source.toString(), keep(mask, source), strength);
    }

    /** Keeps a mask as grey; its size is held against the picture's before it is decoded. */
    private @Nullable String keep(String mask, Path source) {
        if (mask.isEmpty()) {
            return null;
        }
        if (!mask.startsWith(DATA) || mask.length() > MOST_MASK) {
            throw new ArgumentException("the mask is no PNG; paint it again");
        }
        PictureHeader picture = PictureHeader.of(source);
        Path raw = files.upload();
        boolean kept = false;
        try {
            Files.write(raw, Base64.getDecoder().decode(mask.substring(DATA.length())));
            requireSize(PictureHeader.of(raw), picture);
            PngFile.write(raw, Picture.read(raw, Reading.MASK), List.of());
            kept = true;
        } catch (ArgumentException e) {
            throw e;
        } catch (IllegalArgumentException | IOException | UserException e) {
            throw new ArgumentException("the mask is no PNG; paint it again", e);
        } finally {
            if (!kept) {
                delete(raw);
            }
        }
        return raw.toString();
    }

    private static void requireSize(PictureHeader mask, PictureHeader picture) {
        if (mask.width() != picture.width() || mask.height() != picture.height()) {
            throw new ArgumentException(
                    "the mask is %d×%d, the picture %d×%d; paint a mask of the picture's size"
                            .formatted(
                                    mask.width(),
                                    mask.height(),
                                    picture.width(),
                                    picture.height()));
        }
    }

    /** Keeps an upload in a file for as long as {@code use} needs it. */
    <T> T uploaded(InputStream content, java.util.function.Function<Path, T> use) {
        Path file = files.upload();
        try {
            Files.copy(content, file);
            return use.apply(file);
        } catch (IOException e) {
            throw new ArgumentException("the upload was cut short; send it again", e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // a leftover harms nobody
        }
    }
}
