package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.GaussianBlur;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;

/**
 * A mask with soft edges. The transformer paints or keeps whole latents, so it paints wherever the
 * mask is not black; the grey values mix the finished picture with the initial one.
 *
 * @param grey the blurred mask: 0 keeps the initial picture, 255 shows what was painted
 */
record SoftMask(Picture grey) {
    private static final int WHITE = 255;

    /** Returns {@code mask} blurred by {@code feather} pixels. */
    static SoftMask of(Picture mask, double feather) {
        return new SoftMask(GaussianBlur.blur(mask, feather));
    }

    /** Returns the mask of what is painted at all: white where this one is not black. */
    Picture painted() {
        byte[] samples = grey.samples();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (samples[i] == 0 ? 0 : WHITE);
        }
        return Picture.of(grey.width(), grey.height(), PixelMode.GREY, samples);
    }

    /** Returns {@code painted} over {@code initial}, both RGB and of the mask's size. */
    Picture mix(Picture initial, Picture painted) {
        byte[] weights = grey.samples();
        byte[] below = initial.samples();
        byte[] out = painted.samples();
        for (int i = 0; i < out.length; i++) {
            int weight = weights[i / 3] & WHITE;
            int sum = weight * (out[i] & WHITE) + (WHITE - weight) * (below[i] & WHITE);
            out[i] = (byte) ((sum + WHITE / 2) / WHITE);
        }
        return Picture.of(painted.width(), painted.height(), PixelMode.RGB, out);
    }
}
