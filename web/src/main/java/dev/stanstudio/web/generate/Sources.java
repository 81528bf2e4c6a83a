package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.picture.InputPictures;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.server.HeavyWork;
import dev.stanstudio.web.server.PageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

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

    private final InputPictures inputs;

    Sources(PictureFiles files, InputPictures inputs) {
        this.files = files;
        this.inputs = inputs;
    }

    /** Returns an input that starts from a picture, without a mask. */
    ImageInput input(String source) {
        return input(source, "");
    }

    /**
     * Returns an input that starts from a picture, by the usual strength.
     *
     * @param source id of a finished picture, or hash of a stored one
     * @param mask white where the picture is painted anew: the hash of a stored one, or a PNG as a
     *     data URL; empty for none
     */
    ImageInput input(String source, String mask) {
        Path picture = file(source);
        Path kept = mask.isEmpty() ? null : mask(mask, picture);
        return ImageInput.of(
                picture.toString(),
                kept == null ? null : kept.toString(),
                ImageInput.DEFAULT_STRENGTH);
    }

    private Path file(String source) {
        if (!PictureFiles.isId(source) && !InputPictures.isHash(source)) {
            throw PageException.missing("there is no such picture");
        }
        return existing(source)
                .orElseThrow(() -> new ArgumentException("the picture is gone; choose another"));
    }

    private Optional<Path> existing(String source) {
        return InputPictures.isHash(source)
                ? inputs.find(source)
                : Optional.of(files.png(source)).filter(Files::exists);
    }

    /**
     * Returns the input with files of this studio: pictures of the gallery by their id, others and
     * masks by their content. A mask that is not here is left out; empty where the picture is not.
     */
    Optional<ImageInput> here(ImageInput image) {
        return source(image)
                .flatMap(this::existing)
                .map(
                        picture -> {
                            Path mask = mask(image).orElse(null);
                            return new ImageInput(
                                    picture.toString(),
                                    image.sha256(),
                                    mask == null ? null : mask.toString(),
                                    mask == null ? null : hash(mask),
                                    image.strength(),
                                    mask == null ? 0 : image.feather(),
                                    mask != null && image.soft(),
                                    mask == null ? null : image.crop());
                        });
    }

    /** Returns the id of the gallery's picture, or the hash of the stored one. */
    private Optional<String> source(ImageInput image) {
        String name = String.valueOf(Path.of(image.path()).getFileName());
        if (name.endsWith(SUFFIX)) {
            String id = name.substring(0, name.length() - SUFFIX.length());
            if (PictureFiles.isId(id) && Files.exists(files.png(id))) {
                return Optional.of(id);
            }
        }
        return Optional.ofNullable(image.sha256()).filter(hash -> inputs.find(hash).isPresent());
    }

    private Optional<Path> mask(ImageInput image) {
        String hash = image.maskSha256();
        String mask = image.mask();
        if (hash == null || mask == null) {
            return Optional.empty();
        }
        return inputs.find(hash).or(() -> earlier(mask, hash));
    }

    /** Stores a mask that an earlier version kept among the uploads. */
    private Optional<Path> earlier(String mask, String hash) {
        String name = String.valueOf(Path.of(mask).getFileName());
        if (!name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String id = name.substring(0, name.length() - SUFFIX.length());
        if (!PictureFiles.isId(id)) {
            return Optional.empty();
        }
        Path file = files.upload(id);
        if (!Files.exists(file) || !Sha256.ofFile(file).equals(hash)) {
            return Optional.empty();
        }
        return inputs.find(inputs.addMask(file));
    }

    /** Describes an input for a page; empty where its picture is not here. */
    Optional<StartView> view(ImageInput image) {
        return here(image)
                .map(
                        found -> {
                            PictureHeader size = PictureHeader.of(Path.of(found.path()));
                            Optional<Path> mask = mask(found);
                            return new StartView(
                                    source(found).orElseThrow(),
                                    size.width(),
                                    size.height(),
                                    mask.map(Sources::hash).orElse(""),
                                    found.strength(),
                                    found.feather(),
                                    found.soft(),
                                    found.crop());
                        });
    }

    private static String hash(Path stored) {
        return String.valueOf(stored.getFileName()).replace(SUFFIX, "");
    }

    /**
     * Stores an uploaded mask for the picture {@code source}.
     *
     * @return its hash
     */
    String addMask(String source, InputStream content) {
        Path picture = file(source);
        return uploaded(content, file -> storedMask(file, picture));
    }

    /** Returns the file of a mask for {@code picture}: a stored one, or a data URL to store. */
    private Path mask(String mask, Path picture) {
        if (InputPictures.isHash(mask)) {
            Path stored =
                    inputs.find(mask)
                            .orElseThrow(
                                    () ->
                                            new ArgumentException(
                                                    "the mask is gone; paint it again"));
            requireSize(PictureHeader.of(stored), PictureHeader.of(picture));
            return stored;
        }
        if (!mask.startsWith(DATA) || mask.length() > MOST_MASK) {
            throw new ArgumentException("the mask is no PNG; paint it again");
        }
        String hash =
                uploaded(
                        new ByteArrayInputStream(decoded(mask)), file -> storedMask(file, picture));
        return inputs.find(hash).orElseThrow();
    }

    /** Refuses another size than the picture's before decoding; what is kept is grey. */
    private String storedMask(Path upload, Path picture) {
        try {
            requireSize(PictureHeader.of(upload), PictureHeader.of(picture));
            return inputs.addMask(upload);
        } catch (ArgumentException e) {
            throw e;
        } catch (UserException e) {
            // The reader's own message names a file that only the server knows.
            throw new ArgumentException("the mask is no PNG, or damaged; paint it again", e);
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

    /** Applies {@code use} to an upload in a temporary file, which no message names. */
    <T> T uploaded(InputStream content, Function<Path, T> use) {
        Path file = files.upload();
        try {
            Files.copy(content, file);
            return decoding.run(() -> use.apply(file));
        } catch (ArgumentException | PageException e) {
            throw e;
        } catch (UserException e) {
            String text = String.valueOf(e.getMessage());
            throw new UserException(text.replace(file.toString(), "the file"), e);
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
