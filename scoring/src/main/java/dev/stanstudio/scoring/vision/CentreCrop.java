package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResizedPart;
import java.util.Locale;

/**
 * A centre crop to a fixed size; a picture that is too small gets a black margin.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param rounding what happens to odd margins
 */
public record CentreCrop(int height, int width, CropRounding rounding) {
    /** Refuses an empty crop. */
    public CentreCrop {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a crop needs at least 1x1 pixels, not " + width + "x" + height);
        }
    }

    /** The middle of {@code picture}. */
    public Picture apply(Picture picture) {
        return ofResized(picture, new Resize.None());
    }

    /** The middle of what {@code resize} makes of {@code picture}, of which no more is made. */
    Picture ofResized(Picture picture, Resize resize) {
        Resize.Size size = resize.target(picture);
        int top = rounding.start(size.height(), height);
        int left = rounding.start(size.width(), width);
        boolean within = height <= size.height() && width <= size.width();
        return within
                ? resize.part(picture, new ResizedPart(left, top, width, height))
                : padded(resize.apply(picture), left, top);
    }

    private Picture padded(Picture picture, int left, int top) {
        int pixel = picture.mode().channels();
        byte[] from = picture.samples();
        byte[] to = new byte[width * height * pixel];
        int first = Math.max(0, -left);
        int columns = Math.min(width, picture.width() - left) - first;
        for (int y = Math.max(0, -top); y < Math.min(height, picture.height() - top); y++) {
            int source = ((y + top) * picture.width() + first + left) * pixel;
            System.arraycopy(from, source, to, (y * width + first) * pixel, columns * pixel);
        }
        return Picture.of(width, height, picture.mode(), to);
    }

    /** The crop in words that never change, such as {@code 224x224/down}. */
    String identity() {
        String words = height + "x" + width + "/" + rounding;
        return words.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
