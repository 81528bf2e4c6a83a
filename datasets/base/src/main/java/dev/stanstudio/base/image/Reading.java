package dev.stanstudio.base.image;

import java.nio.file.Path;

/**
 * Ways to read a picture file, chosen by its purpose: whether the camera's orientation is followed,
 * and what becomes of transparency. No other place of the program composes either.
 */
public enum Reading {
    /**
     * As Pillow's {@code Image.open(…).convert("RGB")}, which the reference metrics score: rows and
     * columns as stored (those of TIFF turned by their tag, which Pillow does when it opens one),
     * transparency left aside and whatever colour it hid come out. In the picture's own mode.
     */
    STORED {
        @Override
        Picture read(Path file) {
            return PictureReader.read(file, false);
        }
    },
    /**
     * As people see it: turned the way the camera was held (Pillow's {@code
     * ImageOps.exif_transpose}) and over white. In RGB. Training, initial pictures, statistics,
     * exports and votes read pictures in this way.
     */
    SEEN {
        @Override
        Picture read(Path file) {
            return upright(file).onWhite();
        }
    },
    /**
     * Turned upright, with its transparency, in the picture's own mode: for masks of a loss, which
     * lie over a picture that is read as {@link #SEEN}.
     */
    TRANSPARENT {
        @Override
        Picture read(Path file) {
            return upright(file);
        }
    },
    /**
     * As a mask: turned upright, in grey. Where the colours are the same all over and only alpha
     * differs, alpha is the mask: what is opaque counts as white. Otherwise alpha is left aside, as
     * diffusers does.
     */
    MASK {
        @Override
        Picture read(Path file) {
            Picture mask = upright(file);
            Picture place = PixelConversions.placeInAlpha(mask);
            return place == null ? mask.toGrey() : place;
        }
    };

    abstract Picture read(Path file);

    private static Picture upright(Path file) {
        Picture picture = PictureReader.read(file, true);
        boolean turned = PictureHeader.isTurnedByDecoder(file);
        return turned ? picture : Orientation.of(file).upright(picture);
    }
}
