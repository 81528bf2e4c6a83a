package dev.stanstudio.base.image;

/**
 * Resampling kernels, as Pillow's {@code Resample.c} defines them. Distances are in pixels of the
 * coarser of the two grids.
 */
public enum ResampleFilter {
    /** One source pixel, never mixed. */
    NEAREST(0),
    /** The plain mean. */
    BOX(0.5),
    /** The triangle {@code 1 - |x|}. */
    BILINEAR(1),
    /** A sinc under a Hamming window. */
    HAMMING(1),
    /** Keys' cubic convolution with a = -0.5. */
    BICUBIC(2),
    /** A sinc under the centre lobe of a sinc three times as wide. */
    LANCZOS(3);

    private static final double KEYS_A = -0.5;

    private final double support;

    ResampleFilter(double support) {
        this.support = support;
    }

    /** The distance beyond which the kernel is zero. */
    double support() {
        return support;
    }

    /** The kernel at distance {@code x}, not normalised. */
    double weight(double x) {
        return switch (this) {
            case NEAREST -> x == 0 ? 1 : 0;
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - Math.abs(x));
            case HAMMING -> hamming(Math.abs(x));
            case BICUBIC -> cubic(Math.abs(x));
            case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double hamming(double distance) {
        if (distance >= 1) {
            return 0;
        }
        // Pillow writes the window's two constants in single precision.
        return sinc(distance) * (0.54f + 0.46f * StrictMath.cos(distance * Math.PI));
    }

    private static double cubic(double distance) {
        if (distance < 1) {
            return ((KEYS_A + 2) * distance - (KEYS_A + 3)) * distance * distance + 1;
        }
        if (distance < 2) {
            return (((distance - 5) * distance + 8) * distance - 4) * KEYS_A;
        }
        return 0;
    }

    private static double sinc(double x) {
        if (x == 0) {
            return 1;
        }
        double angle = x * Math.PI;
        return StrictMath.sin(angle) / angle;
    }
}
