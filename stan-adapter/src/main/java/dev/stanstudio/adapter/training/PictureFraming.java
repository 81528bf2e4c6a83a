package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.AspectBuckets;
import dev.stanstudio.datasets.sample.BucketSize;
import dev.stanstudio.datasets.sample.CropPolicy;
import dev.stanstudio.datasets.sample.Framing;
import java.util.List;

/**
 * Cuts pictures to the sizes that are trained on. A cut is drawn once for a picture and kept for
 * the whole training, as the reference's script does, so that its latents can be kept.
 *
 * @param buckets the sizes
 * @param crops where a picture is cut
 * @param flips whether half of the time its mirror image is taken
 */
public record PictureFraming(AspectBuckets buckets, CropPolicy crops, boolean flips) {
    private static final int STEP = 16;
    private static final int PARTS = 16;

    /** One size, the middle, no mirror images: the reference without options. */
    public static PictureFraming square(int side) {
        return new PictureFraming(AspectBuckets.only(side, side), CropPolicy.CENTRE, false);
    }

    /**
     * Sizes of about {@code side}² pixels from half to twice as wide, in steps of a sixteenth.
     *
     * @param side divisible by 16
     * @param most the longest side that the model supports
     */
    public static AspectBuckets buckets(int side, int most) {
        int step = Math.max(STEP, side / PARTS / STEP * STEP);
        int shortest = Math.max(step, side / 2 / step * step);
        int square = side / step * step;
        List<BucketSize> fitting =
                AspectBuckets.of(side, step, shortest, 2 * square + 2 * step).sizes().stream()
                        .filter(size -> Math.max(size.width(), size.height()) <= most)
                        .toList();
        return new AspectBuckets(fitting);
    }

    /** The framing of {@code item}, always the same. */
    Framing of(StyleItem item) {
        BucketSize size = buckets.nearest(item.width(), item.height());
        return Framing.of(item.width(), item.height(), size, crops, item.number(), 0);
    }

    /** For people and records. */
    public String described() {
        return (crops.random() ? "random cut, one for each picture" : "cut in the middle")
                + (flips ? ", mirrored half of the time" : "")
                + ", sizes "
                + String.join(" ", buckets.sizes().stream().map(BucketSize::toString).toList());
    }

    /**
     * Returns the crops that an option names.
     *
     * @throws ArgumentException if none is called so
     */
    static CropPolicy crops(String crop, long seed) {
        return switch (crop) {
            case "centre" -> CropPolicy.CENTRE;
            case "random" -> CropPolicy.random(seed);
            default ->
                    throw new ArgumentException("--crop is centre or random, not '" + crop + "'");
        };
    }
}
