package dev.stanstudio.web.picture;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.web.home.StudioHome;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.imgscalr.Scalr;

/** Stores the files of pictures below the studio's folder. Thread-safe. */
public final class PictureFiles {
    /** Longest side of a thumbnail: 224 CSS pixels on a screen of double density. */
    public static final int THUMBNAIL = 448;

    private final Path pictures;
    private final Path thumbnails;
    private final Path uploads;

    /** Opens the folders in {@code home}, which are made where they are missing. */
    public PictureFiles(StudioHome home) {
        this.pictures = home.subfolder("pictures");
        this.thumbnails = home.subfolder("thumbnails");
        this.uploads = home.subfolder("uploads");
    }

    /** Returns the file that holds the picture or will hold it; its folder exists. */
    public Path png(String id) {
        return place(pictures, id);
    }

    /** Returns whether {@code text} can be the id of a picture; nothing else may name a file. */
    public static boolean isId(String text) {
        try {
            return !UUID.fromString(text).toString().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Path place(Path folder, String id) {
        String name = UUID.fromString(id).toString();
        try {
            return Files.createDirectories(folder.resolve(name.substring(0, 2)))
                    .resolve(name + ".png");
        } catch (IOException e) {
            throw new UserException(
                    "cannot write below %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /**
     * Returns the file of a picture's thumbnail, which is made when it is missing and the picture
     * has a file.
     */
    public Path thumbnail(String id) {
        Path file = place(thumbnails, id);
        Path full = png(id);
        if (Files.exists(file) || !Files.exists(full)) {
            return file;
        }
        writeThumbnail(full, file);
        return file;
    }

    /** Writes a small version of the picture {@code full} to {@code file}. */
    static void writeThumbnail(Path full, Path file) {
        BufferedImage image = image(Picture.read(full).toRgb());
        boolean small = Math.max(image.getWidth(), image.getHeight()) <= THUMBNAIL;
        BufferedImage scaled =
                small ? image : Scalr.resize(image, Scalr.Method.ULTRA_QUALITY, THUMBNAIL);
        AtomicFile.write(file, out -> out.write(bytes(scaled)));
    }

    /** Returns a new file for an uploaded picture. */
    public Path upload() {
        return upload(UUID.randomUUID().toString());
    }

    /** Returns the file that holds the upload with an id, or held it. */
    public Path upload(String id) {
        return place(uploads, id);
    }

    /** Removes a picture's files. */
    public void delete(String id) {
        try {
            Files.deleteIfExists(png(id));
            Files.deleteIfExists(place(thumbnails, id));
        } catch (IOException e) {
            throw new UserException(
                    "cannot delete picture %s: %s".formatted(id, e.getMessage()), e);
        }
    }

    /** Returns {@code picture} as the bytes of a PNG without any text. */
    public static byte[] encode(Picture picture) {
        return bytes(image(picture.toRgb()));
    }

    private static BufferedImage image(Picture picture) {
        BufferedImage image =
                new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        byte[] samples = picture.samples();
        int[] row = new int[picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int at = (y * row.length + x) * 3;
                row[x] =
                        ((samples[at] & 0xFF) << 16)
                                | ((samples[at + 1] & 0xFF) << 8)
                                | (samples[at + 2] & 0xFF);
            }
            image.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        return image;
    }

    private static byte[] bytes(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
