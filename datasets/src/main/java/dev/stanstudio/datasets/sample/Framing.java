package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Resampler;

/**
 * Brings a picture to the size of its bucket: resized so that it just covers it, then cut. Models
 * that are given the crop (SDXL's crop conditioning) are given {@code left} and {@code top}.
 *
 * @param bucket the size it ends up with
 * @param width of the resized picture, at least the bucket's
 * @param height of the resized picture, at least the bucket's
 * @param left columns cut off on the left
 * @param top rows cut off above
 */
public record Framing(BucketSize bucket, int width, int height, int left, int top) {
    /** Checks that the bucket lies within the resized picture. */
    public Framing {
        if (left < 0
                || top < 0
                || left + bucket.width() > width
                || top + bucket.height() > height) {
            throw new IllegalArgumentException(
                    "bucket %s at %s,%s does not lie within %sx%s"
                            .formatted(bucket, left, top, width, height));
        }
    }

    /**
     * The framing of a picture of {@code sourceWidth} by {@code sourceHeight} pixels, upright.
     *
     * @param picture a number of the picture's own, for random crops
     * @param epoch in every epoch a random crop is another
     */
    public static Framing of(
            int sourceWidth,
            int sourceHeight,
            BucketSize bucket,
            CropPolicy policy,
            long picture,
            long epoch) {
        double scale =
                Math.max(
                        bucket.width() / (double) sourceWidth,
                        bucket.height() / (double) sourceHeight);
        int width = Math.max(bucket.width(), (int) Math.round(sourceWidth * scale));
        int height = Math.max(bucket.height(), (int) Math.round(sourceHeight * scale));
        return new Framing(
                bucket,
                width,
                height,
                policy.offset(width - bucket.width(), picture, epoch),
                policy.offset(height - bucket.height(), picture, ~epoch));
    }

    /**
     * Carries it out.
     *
     * @param upright the picture of the size the framing was made for
     */
    public Picture apply(Picture upright, Resampler resampler) {
        return resampler
                .resize(upright, width, height)
                .crop(left, top, bucket.width(), bucket.height());
    }
}
