package dev.stanstudio.web.study.result;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Makes small copies of a study's pictures that a page can hold inside it, up to a number of them.
 * Not thread-safe.
 */
final class EmbeddedPictures implements ResultView.PictureAddresses {
    private static final int SIDE = 160;

    /** At some 8 kB each, these bound the report to a few megabytes. */
    private static final int MOST = 240;

    private final Path folder;
    private final Map<String, String> made = new HashMap<>();

    /** Reads pictures of {@code folder}. */
    EmbeddedPictures(Path folder) {
        this.folder = folder;
    }

    @Override
    public String of(String file) {
        String known = made.get(file);
        if (known != null) {
            return known;
        }
        Path picture = folder.resolve(file);
        if (made.size() >= MOST || !Files.isRegularFile(picture)) {
            return "";
        }
        String address =
                "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(picture));
        made.put(file, address);
        return address;
    }

    private static byte[] jpeg(Path file) {
        Picture picture = small(Picture.read(file).toRgb());
        BufferedImage image =
                new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        byte[] samples = picture.samples();
        for (int i = 0; i < samples.length / 3; i++) {
            int rgb =
                    ((samples[3 * i] & 0xff) << 16)
                            | ((samples[3 * i + 1] & 0xff) << 8)
                            | (samples[3 * i + 2] & 0xff);
            image.setRGB(i % picture.width(), i / picture.width(), rgb);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "jpg", bytes)) {
                throw new UserException("this Java cannot write JPEG; use one with java.desktop");
            }
        } catch (IOException e) {
            throw new UserException("cannot make a small copy of " + file, e);
        }
        return bytes.toByteArray();
    }

    private static Picture small(Picture picture) {
        double scale = (double) SIDE / Math.max(picture.width(), picture.height());
        return scale >= 1
                ? picture
                : Resampler.of(ResampleFilter.LANCZOS)
                        .resize(
                                picture,
                                Math.max(1, (int) Math.round(picture.width() * scale)),
                                Math.max(1, (int) Math.round(picture.height() * scale)));
    }
}
