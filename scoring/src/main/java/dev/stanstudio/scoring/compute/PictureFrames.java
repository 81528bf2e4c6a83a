package dev.stanstudio.scoring.compute;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Files of pictures to pixels, pictures of one frame only. */
final class PictureFrames {
    private static final int HEAD = 1 << 16;

    private PictureFrames() {}

    /** A picture of several frames. */
    static final class AnimatedException extends UserException {
        private static final long serialVersionUID = 1;

        AnimatedException(Path file) {
            super(file + " has several frames; score its frames as single pictures");
        }
    }

    /**
     * Decodes a picture for a metric model: rows and columns as stored, as the reference reads
     * them.
     *
     * @throws AnimatedException if it has several frames
     * @throws UserException if it cannot be decoded
     */
    static Picture read(Path file) {
        if (isAnimated(file)) {
            throw new AnimatedException(file);
        }
        return Picture.read(file);
    }

    /** Damage is left for the decoder to name. */
    private static boolean isAnimated(Path file) {
        try {
            byte[] head = new byte[0];
            try (var in = Files.newInputStream(file)) {
                head = in.readNBytes(HEAD);
            }
            String text = new String(head, StandardCharsets.ISO_8859_1);
            if (text.startsWith("GIF8")) {
                return frames(file) > 1;
            }
            // An animated PNG says so before its pixels; an animated WebP in its first chunks.
            int pixels = text.indexOf("IDAT");
            boolean png = text.startsWith("\u0089PNG");
            return (png && pixels >= 0 && text.substring(0, pixels).contains("acTL"))
                    || (text.startsWith("RIFF") && text.contains("WEBP") && text.contains("ANIM"));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static int frames(Path file) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return 1;
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, false, true);
                return reader.getNumImages(true);
            } finally {
                reader.dispose();
            }
        }
    }
}
