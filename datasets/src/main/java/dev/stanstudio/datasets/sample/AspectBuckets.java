package dev.stanstudio.datasets.sample;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Sizes that pictures are resized to, and the choice of the one that fits a picture best.
 * Immutable; may be shared between threads.
 *
 * @param sizes at least one, no two alike
 */
public record AspectBuckets(List<BucketSize> sizes) {
    private static final Comparator<BucketSize> ORDER =
            Comparator.comparingInt(BucketSize::width).thenComparingInt(BucketSize::height);

    /** Sorts the sizes. */
    public AspectBuckets {
        TreeSet<BucketSize> sorted = new TreeSet<>(ORDER);
        sorted.addAll(sizes);
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("0 buckets; at least one is needed");
        }
        sizes = List.copyOf(sorted);
    }

    /** One size for all pictures. */
    public static AspectBuckets only(int width, int height) {
        return new AspectBuckets(List.of(new BucketSize(width, height)));
    }

    /**
     * Sizes of about the same number of pixels, as kohya-ss/sd-scripts makes them ({@code
     * library/model_util.py}, make_bucket_resolutions): for every width from {@code shortest} to
     * {@code longest} in steps the largest height within the budget, and each size also turned.
     * {@code of(1024, 64, 512, 2048)} are those of SDXL.
     *
     * @param side the budget is {@code side * side} pixels
     * @param step all sides are multiples of it: 16 for SD3's latent patches, 64 as customary
     * @param shortest the least side, a multiple of {@code step} up to {@code side}
     * @param longest the greatest side, a multiple of {@code step} from {@code side}
     */
    public static AspectBuckets of(int side, int step, int shortest, int longest) {
        if (step < 1
                || shortest < step
                || shortest > side
                || longest < side
                || shortest % step != 0
                || longest % step != 0) {
            throw new IllegalArgumentException(
                    ("buckets of side %s in steps of %s from %s to %s do not work: shortest <= side"
                         + " <= longest must hold, and both ends be multiples of the step")
                            .formatted(side, step, shortest, longest));
        }
        TreeSet<BucketSize> sizes = new TreeSet<>(ORDER);
        int square = side / step * step;
        sizes.add(new BucketSize(square, square));
        for (int width = shortest; width <= longest; width += step) {
            long most = (long) side * side / width / step * step;
            int height = (int) Math.min(longest, most);
            if (height >= shortest) {
                BucketSize size = new BucketSize(width, height);
                sizes.add(size);
                sizes.add(size.turned());
            }
        }
        return new AspectBuckets(List.copyOf(sizes));
    }

    /**
     * The size whose shape is nearest to that of a picture; of equally near ones the largest.
     * Shapes are compared by the logarithm of width by height, so a picture and its turned copy get
     * turned sizes (kohya compares the ratios themselves, which favours upright sizes).
     */
    public BucketSize nearest(int width, int height) {
        double shape = new BucketSize(width, height).shape();
        BucketSize best = sizes.get(0);
        for (BucketSize size : sizes) {
            double gain = Math.abs(best.shape() - shape) - Math.abs(size.shape() - shape);
            if (gain > 1e-9 || (gain > -1e-9 && size.area() > best.area())) {
                best = size;
            }
        }
        return best;
    }
}
