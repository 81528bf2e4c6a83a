package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;

/**
 * Puts a drawn region back into the picture that it was cut from, and the picture over it where the
 * mask keeps it. Source: {@code apply_overlay} of diffusers image_processor.py, whose roundings are
 * Pillow's: {@code paste} with a mask, premultiplied alpha back and forth, {@code alpha_composite}.
 */
final class Overlay {
    private static final int WHITE = 255;
    private static final int PRECISION = 7;

    private Overlay() {}

    /**
     * Returns {@code initial} with {@code drawn} in {@code region}.
     *
     * @param mask grey, of the size of {@code initial}: 255 shows what was drawn
     * @param initial RGB
     * @param drawn RGB, of any size
     */
    static Picture apply(Picture mask, Picture initial, Picture drawn, CropRegion region) {
        Picture part = fitted(drawn, region.width(), region.height());
        byte[] out = new byte[initial.width() * initial.height() * 3];
        for (int y = 0; y < initial.height(); y++) {
            for (int x = 0; x < initial.width(); x++) {
                int kept = WHITE - mask.sample(x, y, 0);
                int across = x - region.left();
                int down = y - region.top();
                boolean inside =
                        across >= 0 && across < part.width() && down >= 0 && down < part.height();
                for (int channel = 0; channel < 3; channel++) {
                    int below = inside ? part.sample(across, down, channel) : 0;
                    int above = initial.sample(x, y, channel);
                    int at = (y * initial.width() + x) * 3 + channel;
                    out[at] = (byte) over(above, kept, below);
                }
            }
        }
        return Picture.of(initial.width(), initial.height(), PixelMode.RGB, out);
    }

    /** Resizes so that a rectangle is covered, and cuts what juts out. */
    private static Picture fitted(Picture drawn, int width, int height) {
        double wanted = (double) width / height;
        double own = (double) drawn.width() / drawn.height();
        int across = wanted > own ? width : drawn.width() * height / drawn.height();
        int down = wanted <= own ? height : drawn.height() * width / drawn.width();
        Picture resized = Resampler.of(ResampleFilter.LANCZOS).resize(drawn, across, down);
        int left = width / 2 - across / 2;
        int top = height / 2 - down / 2;
        byte[] out = new byte[width * height * 3];
        for (int y = Math.max(0, top); y < Math.min(height, top + down); y++) {
            for (int x = Math.max(0, left); x < Math.min(width, left + across); x++) {
                for (int channel = 0; channel < 3; channel++) {
                    out[(y * width + x) * 3 + channel] =
                            (byte) resized.sample(x - left, y - top, channel);
                }
            }
        }
        return Picture.of(width, height, PixelMode.RGB, out);
    }

    private static int over(int above, int alpha, int below) {
        if (alpha == 0) {
            return below;
        }
        int premultiplied = by255(above * alpha + 128);
        int colour =
                alpha == WHITE ? premultiplied : Math.min(WHITE, WHITE * premultiplied / alpha);
        int blend = WHITE * (WHITE - alpha);
        int first = alpha * WHITE * WHITE * (1 << PRECISION) / (alpha * WHITE + blend);
        int second = WHITE * (1 << PRECISION) - first;
        return by255(colour * first + below * second + (128 << PRECISION)) >> PRECISION;
    }

    private static int by255(int value) {
        return ((value >> 8) + value) >> 8;
    }
}
