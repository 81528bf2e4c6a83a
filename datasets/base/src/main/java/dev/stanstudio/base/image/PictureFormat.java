package dev.stanstudio.base.image;

import dev.stanstudio.base.RegularFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The formats of pictures that are read, recognised by a file's first bytes and never by its name.
 */
public enum PictureFormat {
    PNG("png"),
    JPEG("jpg"),
    GIF("gif"),
    BMP("bmp"),
    TIFF("tif"),
    WEBP("webp");

    private static final int HEAD_BYTES = 64;

    private final String extension;

    PictureFormat(String extension) {
        this.extension = extension;
    }

    /** The ending of a file's name that fits, without the dot. */
    public String extension() {
        return extension;
    }

    /**
     * The format of a file, or null where it is none of these.
     *
     * @throws IOException when the file cannot be read
     */
    public static @Nullable PictureFormat of(Path file) throws IOException {
        return of(head(file));
    }

    /**
     * As {@link #of(Path)}, but names what else the file is.
     *
     * @throws UserException when it is none; the message says what the file is and begins with
     *     {@code subject}
     */
    public static PictureFormat require(Path file, String subject) throws IOException {
        String head = head(file);
        PictureFormat format = of(head);
        if (format != null) {
            return format;
        }
        String foreign = ForeignFormats.name(head);
        throw new UserException(
                foreign == null
                        ? subject
                                + "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture; convert it"
                                + " to one of these"
                        : "%sis %s, which is not read; convert it to PNG, WebP or JPEG"
                                .formatted(subject, foreign));
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = RegularFile.open(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    private static @Nullable PictureFormat of(String head) {
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
            return GIF;
        }
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return WEBP;
        }
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
            return head.startsWith("CR", 8) ? null : TIFF;
        }
        return head.startsWith("BM") && head.length() > 18 && head.charAt(15) == 0 ? BMP : null;
    }
}
