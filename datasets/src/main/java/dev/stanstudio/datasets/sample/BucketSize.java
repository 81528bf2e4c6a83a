package dev.stanstudio.datasets.sample;

/**
 * A size to train at.
 *
 * @param width in pixels
 * @param height in pixels
 */
public record BucketSize(int width, int height) {
    /** Checks the numbers. */
    public BucketSize {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "bucket " + width + "x" + height + " is not positive");
        }
    }

    /** Width and height exchanged. */
    BucketSize turned() {
        return new BucketSize(/* width= */ height, /* height= */ width);
    }

    /** Pixels of a picture of this size. */
    long area() {
        return (long) width * height;
    }

    /** The logarithm of width by height: the same for upright and lying but for the sign. */
    double shape() {
        return Math.log(width / (double) height);
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
