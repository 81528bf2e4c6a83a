package dev.stanstudio.scoring.metric;

import java.util.Arrays;

/**
 * Squared maximum mean discrepancy between two sets of pictures, smaller is closer. Both work on
 * sets of some dozens already, where the Fréchet distance is mostly bias.
 */
public final class KernelDistance {
    private static final double SIGMA = 10;
    static final double CMMD_SCALE = 1000;

    private KernelDistance() {}

    /** A kernel of two vectors. */
    @FunctionalInterface
    private interface Kernel {
        double of(double[] a, double[] b);
    }

    /**
     * {@code kid}: the unbiased estimate with kernel (x·y/d + 1)³ of features as they are
     * (Bińkowski et al. 2018, Demystifying MMD GANs). Around 0, and below it by chance, for equal
     * distributions.
     *
     * @throws IllegalArgumentException if a set has fewer than two rows
     */
    public static double kid(float[][] a, float[][] b) {
        require(a, 2);
        require(b, 2);
        Kernel kernel = KernelDistance::cubic;
        double[][] p = Vectors.toDoubles(a);
        double[][] q = Vectors.toDoubles(b);
        return withoutDiagonal(p, kernel) + withoutDiagonal(q, kernel) - 2 * mean(p, q, kernel);
    }

    /**
     * {@code cmmd}: 1000 times the biased estimate with kernel exp(−|x−y|²/200) of L2-normalised
     * CLIP features (Jayasumana et al. 2024, Rethinking FID). At least 0; the same set gives 0.
     *
     * @throws IllegalArgumentException if a set is empty
     */
    public static double cmmd(float[][] a, float[][] b) {
        require(a, 1);
        require(b, 1);
        double[][] x = Vectors.directions(a);
        double[][] y = Vectors.directions(b);
        Kernel kernel = KernelDistance::gaussian;
        return CMMD_SCALE * (mean(x, x, kernel) + mean(y, y, kernel) - 2 * mean(x, y, kernel));
    }

    /** KID's kernel (x·y/d + 1)³. */
    static double cubic(double[] x, double[] y) {
        double base = Vectors.dot(x, y) / x.length + 1;
        return base * base * base;
    }

    /** CMMD's kernel exp(−|x−y|²/200). */
    static double gaussian(double[] x, double[] y) {
        return Math.exp(-Vectors.squaredDistance(x, y) / (2 * SIGMA * SIGMA));
    }

    private static void require(float[][] rows, int least) {
        if (rows.length < least) {
            throw new IllegalArgumentException(
                    "a kernel distance needs at least %s picture(s) in each set, not %s"
                            .formatted(least, rows.length));
        }
    }

    private static double sum(double[][] a, double[][] b, Kernel kernel) {
        return Arrays.stream(a)
                .mapToDouble(x -> Arrays.stream(b).mapToDouble(y -> kernel.of(x, y)).sum())
                .sum();
    }

    private static double mean(double[][] a, double[][] b, Kernel kernel) {
        return sum(a, b, kernel) / ((double) a.length * b.length);
    }

    private static double withoutDiagonal(double[][] rows, Kernel kernel) {
        double diagonal = Arrays.stream(rows).mapToDouble(x -> kernel.of(x, x)).sum();
        double pairs = (double) rows.length * (rows.length - 1);
        return (sum(rows, rows, kernel) - diagonal) / pairs;
    }
}
