package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;

/**
 * Describes the look of a picture in 128 bits: two difference hashes (Krawetz, "Kind of Like That",
 * 2013). The picture in grey is shrunk by plain means to 9x8 and to 8x9 pixels, and each bit says
 * whether a pixel is brighter than its right, or its lower, neighbour. Size, file format,
 * brightness and contrast hardly change it. All in integers, so the same on every machine.
 *
 * @param across bits of the 9x8 picture, rows from the top, the first the highest bit
 * @param down bits of the 8x9 picture, likewise
 */
public record PictureHash(long across, long down) {
    private static final int SIDE = 8;
    private static final int DIGITS = 16;

    /** With fewer bits that differ from the rest, pictures that are not alike share a hash. */
    private static final int LEAST_BITS = 4;

    private static final Resampler SHRINK = Resampler.of(ResampleFilter.BOX);

    /** The hash of a picture that stands upright; what is transparent counts as white. */
    public static PictureHash of(Picture picture) {
        Picture grey = picture.onWhite().toGrey();
        Picture wide = SHRINK.resize(grey, SIDE + 1, SIDE);
        Picture high = SHRINK.resize(grey, SIDE, SIDE + 1);
        long across = 0;
        long down = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean right = wide.sample(x, y, 0) > wide.sample(x + 1, y, 0);
                boolean below = high.sample(x, y, 0) > high.sample(x, y + 1, 0);
                across = across << 1 | (right ? 1 : 0);
                down = down << 1 | (below ? 1 : 0);
            }
        }
        return new PictureHash(across, down);
    }

    /**
     * The hash that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when {@code text} is not 32 hexadecimal digits
     */
    public static PictureHash parse(String text) {
        if (!text.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(
                    "picture hash \"" + text + "\" is not 32 hexadecimal digits");
        }
        return new PictureHash(
                Long.parseUnsignedLong(text, 0, DIGITS, 16),
                Long.parseUnsignedLong(text, DIGITS, 2 * DIGITS, 16));
    }

    /** Returns true if at most {@code distance} bits of each half differ. */
    public boolean isNear(PictureHash other, int distance) {
        return Long.bitCount(across ^ other.across) <= distance
                && Long.bitCount(down ^ other.down) <= distance;
    }

    /**
     * Returns true if the hash tells pictures apart. That of a plain area or an even gradient does
     * not: pictures that have nothing in common share it.
     */
    public boolean isTelling() {
        return isTelling(across) && isTelling(down);
    }

    private static boolean isTelling(long bits) {
        int set = Long.bitCount(bits);
        return set >= LEAST_BITS && set <= Long.SIZE - LEAST_BITS;
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", across, down);
    }
}
