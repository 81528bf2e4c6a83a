package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.server.HeavyWork;
import dev.stanstudio.web.server.PageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns finished pictures and painted masks into inputs of a generation. */
final class Sources {
    private static final String DATA = "data:image/png;base64,";
    private static final String SUFFIX = ".png";
    private static final int MOST_MASK = 8 << 20;

    /** Far more than any picture that is drawn; a mask is as large as its picture. */
    private static final long MOST_MASK_PIXELS = 4096L * 4096;

    /** Position of the width in a PNG, and behind it the height. */
    private static final int PNG_SIZE = 16;

    private final HeavyWork decoding = new HeavyWork();

    private final PictureFiles files;

    Sources(PictureFiles files) {
        this.files = files;
    }

    /** Returns an input that starts from a finished picture, without a mask. */
    ImageInput input(String picture) {
        return input(picture, "", ImageInput.DEFAULT_STRENGTH);
    }

    /**
     * Returns an input that starts from a finished picture.
     *
     * @param picture id of a finished picture
     * @param mask a PNG as a data URL, white where the picture is painted anew; empty for none
     */
    ImageInput input(String picture, String mask, double strength) {
        if (!PictureFiles.isId(picture)) {
            throw PageException.missing("there is no such picture");
        }
        Path source = files.png(picture);
        if (!Files.exists(source)) {
            throw new ArgumentException("the picture to start from is gone; choose another");
        }
        return ImageInput.of(source.toString(), keep(mask, source), strength);
    }

    /** Returns whether the form can start from {@code image}: an existing picture of the studio. */
    boolean isHere(ImageInput image) {
        String name = String.valueOf(Path.of(image.path()).getFileName());
        if (!name.endsWith(SUFFIX)) {
            return false;
        }
        String id = name.substring(0, name.length() - SUFFIX.length());
        return PictureFiles.isId(id) && Files.exists(files.png(id));
    }

    /** Stores a mask as grey; refuses another size than the picture's before decoding it. */
    private @Nullable String keep(String mask, Path source) {
        if (mask.isEmpty()) {
            return null;
        }
        if (!mask.startsWith(DATA) || mask.length() > MOST_MASK) {
            throw new ArgumentException("the mask is no PNG; paint it again");
        }
        PictureHeader picture = PictureHeader.of(source);
        byte[] png = decoded(mask);
        Path raw = files.upload();
        boolean kept = false;
        try {
            Files.write(raw, png);
            requireSize(PictureHeader.of(raw), picture);
            // Browsers draw with alpha; what is kept is grey.
            Picture grey = decoding.run(() -> Picture.read(raw, Reading.MASK));
            PngFile.write(raw, grey, List.of());
            kept = true;
            return raw.toString();
        } catch (ArgumentException e) {
            throw e;
        } catch (UserException | IOException e) {
            // The reader's own message names a file that only the server knows.
            throw new ArgumentException("the mask is no PNG, or damaged; paint it again", e);
        } finally {
            if (!kept) {
                delete(raw);
            }
        }
    }

    /** Returns the bytes of a mask; refuses a size beyond that of any picture. */
    private static byte[] decoded(String mask) {
        byte[] png;
        try {
            png = Base64.getDecoder().decode(mask.substring(DATA.length()));
        } catch (IllegalArgumentException e) {
            throw new ArgumentException("the mask is no PNG; paint it again", e);
        }
        if (png.length < PNG_SIZE + 2 * Integer.BYTES) {
            throw new ArgumentException("the mask is no PNG; paint it again");
        }
        ByteBuffer size = ByteBuffer.wrap(png, PNG_SIZE, 2 * Integer.BYTES);
        long width = Integer.toUnsignedLong(size.getInt());
        long height = Integer.toUnsignedLong(size.getInt());
        // Neither product nor quotient overflows below this.
        if (width > MOST_MASK_PIXELS
                || height > MOST_MASK_PIXELS
                || width * height > MOST_MASK_PIXELS) {
            throw new ArgumentException(
                    "the mask has %d x %d pixels, more than any picture; paint it again"
                            .formatted(width, height));
        }
        return png;
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

    /** Applies {@code use} to an upload in a temporary file. */
    <T> T uploaded(InputStream content, Function<Path, T> use) {
        Path file = files.upload();
        try {
            Files.copy(content, file);
            return decoding.run(() -> use.apply(file));
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
            // best effort: a file that stays is never read again
        }
    }
}
