package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.PngFile;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.server.PageException;
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
        return ImageInput.of(source.toString(), keep(mask), strength);
    }

    /** Whether the form can start from {@code image}: a picture of the studio that is there. */
    boolean isHere(ImageInput image) {
        String name = String.valueOf(Path.of(image.path()).getFileName());
        if (!name.endsWith(".png")) {
            return false;
        }
        try {
            return Files.exists(files.png(name.substring(0, name.length() - ".png".length())));
        } catch (PageException e) {
            return false;
        }
    }

    private @Nullable String keep(String mask) {
        if (mask.isEmpty()) {
            return null;
        }
        if (!mask.startsWith(DATA) || mask.length() > MOST_MASK) {
            throw new ArgumentException("the mask is no PNG; paint it again");
        }
        Path raw = files.upload();
        try {
            Files.write(raw, Base64.getDecoder().decode(mask.substring(DATA.length())));
        } catch (IllegalArgumentException | IOException e) {
            throw new ArgumentException("the mask is no PNG; paint it again", e);
        }
        // Browsers draw with alpha; what is kept is grey.
        PngFile.write(raw, Picture.read(raw).toGrey(), List.of());
        return raw.toString();
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
