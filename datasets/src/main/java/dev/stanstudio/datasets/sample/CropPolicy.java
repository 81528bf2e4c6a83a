package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.StatelessRandom;

/**
 * Chooses where a picture is cropped that does not have its bucket's shape.
 *
 * @param random anywhere along the longer side instead of in the middle
 * @param seed decides where, together with the picture and the epoch
 */
public record CropPolicy(boolean random, long seed) {
    /** Always the middle. */
    public static final CropPolicy CENTRE = new CropPolicy(false, 0);

    /** Anywhere. */
    public static CropPolicy random(long seed) {
        return new CropPolicy(true, seed);
    }

    /**
     * Pixels to leave out in front, of {@code surplus} altogether.
     *
     * @param picture a number of the picture's own
     */
    int offset(int surplus, long picture, long epoch) {
        if (!random) {
            return surplus / 2;
        }
        return (int) (StatelessRandom.unit(seed, picture, epoch) * (surplus + 1));
    }
}
