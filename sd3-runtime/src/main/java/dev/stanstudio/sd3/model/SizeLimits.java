package dev.stanstudio.sd3.model;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.vae.VaeConfig;

/**
 * Sizes of the pictures that a model can make.
 *
 * @param model its name
 * @param most the longest side in pixels
 * @param step what both sides must be divisible by
 */
public record SizeLimits(String model, int most, int step) {
    /** Sides of requests are divisible by this, whatever the model. */
    private static final int REQUEST = 16;

    /**
     * Returns the limits of a model.
     *
     * @throws dev.stanstudio.base.UserException if its configurations cannot be read
     */
    public static SizeLimits of(ModelSource source) {
        return of(source.name(), source.transformerConfig(), source.vaeConfig());
    }

    /** Returns the limits that the configurations of a model's parts set. */
    public static SizeLimits of(String model, MmditConfig transformer, VaeConfig vae) {
        int cell = vae.factor() * transformer.patchSize();
        int step = cell;
        while (step % REQUEST != 0) {
            step += cell;
        }
        return new SizeLimits(model, transformer.maxPixels(), step);
    }

    /**
     * Refuses a size that the model cannot make.
     *
     * @throws ArgumentException that names the model and its limit
     */
    public void check(int width, int height) {
        if (width > most || height > most) {
            throw new ArgumentException(
                    "%s makes pictures of at most %d pixels a side, not %d×%d"
                            .formatted(model, most, width, height));
        }
        if (width % step != 0 || height % step != 0) {
            throw new ArgumentException(
                    "%s draws sizes divisible by %d, not %d×%d"
                            .formatted(model, step, width, height));
        }
    }

    /** Returns the largest allowed side that is at most {@code side}, or the least of all. */
    public int below(int side) {
        int largest = most / step * step;
        return Math.max(step, Math.min(largest, side / step * step));
    }

    /** Returns the smallest allowed side that is at least {@code side}, or the largest of all. */
    public int above(int side) {
        return side >= most ? below(most) : below(side + step - 1);
    }

    /** A size in pixels. */
    public record Size(int width, int height) {}

    /**
     * Returns the allowed size with about the proportions of a picture and about {@code area}
     * pixels.
     */
    public Size like(int width, int height, long area) {
        double scale = Math.sqrt(area / ((double) width * height));
        double longest = Math.min(most, scale * Math.max(width, height));
        double fitting = longest / Math.max(width, height);
        return new Size(nearest(fitting * width), nearest(fitting * height));
    }

    private int nearest(double side) {
        return below((int) Math.round(side / step) * step);
    }
}
