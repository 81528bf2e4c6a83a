package dev.stanstudio.web.picture;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.web.home.OwnerOnly;
import dev.stanstudio.web.home.StudioHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stores the pictures that visitors bring to start from, and masks, as PNG files named after the
 * hash of their content. The same picture is stored once; nothing but pixels is kept. Thread-safe.
 */
public final class InputPictures {
    /** Longest side that is kept; larger pictures are reduced, since no model draws larger ones. */
    public static final int MOST_SIDE = 2048;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int FOLDER = 2;

    private final StudioHome home;

    /** Opens the folder in {@code home}. */
    public InputPictures(StudioHome home) {
        this.home = home;
    }

    /** Returns whether {@code text} can name a stored picture; nothing else may name a file. */
    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /**
     * Stores the picture in {@code upload}: upright, over white, at most {@value #MOST_SIDE} pixels
     * a side.
     *
     * @return the hash that names it
     * @throws dev.stanstudio.base.UserException if the file is no picture that can be read
     */
    public String add(Path upload) {
        return store(reduced(Picture.read(upload, Reading.SEEN)));
    }

    /** Stores a mask as {@link #add}, in grey and never reduced. */
    public String addMask(Path upload) {
        return store(Picture.read(upload, Reading.MASK));
    }

    private static Picture reduced(Picture picture) {
        int longest = Math.max(picture.width(), picture.height());
        if (longest <= MOST_SIDE) {
            return picture;
        }
        double scale = (double) MOST_SIDE / longest;
        return Resampler.of(ResampleFilter.LANCZOS)
                .resize(
                        picture,
                        (int) Math.max(1, Math.round(picture.width() * scale)),
                        (int) Math.max(1, Math.round(picture.height() * scale)));
    }

    private String store(Picture picture) {
        String hash = Sha256.of(PngFile.bytes(picture, List.of()));
        Path file = place("inputs", hash);
        if (!Files.exists(file)) {
            picture.writePng(file);
            OwnerOnly.createFile(file);
        }
        return hash;
    }

    /** Returns the file of a stored picture, or empty where there is none. */
    public Optional<Path> find(String hash) {
        return isHash(hash)
                ? Optional.of(place("inputs", hash)).filter(Files::exists)
                : Optional.empty();
    }

    /** Returns a small picture of a stored one, which is made when it is missing. */
    public Optional<Path> thumbnail(String hash) {
        return find(hash)
                .map(
                        full -> {
                            Path file = place("thumbnails/inputs", hash);
                            if (!Files.exists(file)) {
                                PictureFiles.writeThumbnail(full, file);
                            }
                            return file;
                        });
    }

    private Path place(String folder, String hash) {
        return home.subfolder(folder + "/" + hash.substring(0, FOLDER)).resolve(hash + ".png");
    }
}
