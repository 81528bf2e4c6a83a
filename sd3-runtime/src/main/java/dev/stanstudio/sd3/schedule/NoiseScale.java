package dev.stanstudio.sd3.schedule;

/**
 * The noise scale φ(Λ) = Λ·(e^(Λ^0.3) + 10) of ER-SDE-Solver (Cui et al. 2023, equation 29, "ER SDE
 * 5") and the integrals over its reciprocal, as sums of {@value #POINTS} points.
 */
final class NoiseScale {
    private static final int POINTS = 200;
    private static final double EXPONENT = 0.3;
    private static final double OFFSET = 10;

    private NoiseScale() {}

    /**
     * Holds the numbers of φ for one step from Λ_s to Λ_t.
     *
     * @param ratio φ(Λ_t)/φ(Λ_s)
     * @param linear weight of the first derivative, before α_t
     * @param quadratic weight of the second derivative, before α_t
     */
    record Interval(double ratio, double linear, double quadratic) {}

    static double at(double lambda) {
        return lambda * (StrictMath.exp(StrictMath.pow(lambda, EXPONENT)) + OFFSET);
    }

    /** Returns the numbers of a step from {@code from} down to {@code to}, both above 0. */
    static Interval interval(double from, double to) {
        double change = to - from;
        double width = -change / POINTS;
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < POINTS; i++) {
            double lambda = to + i * width;
            double scale = at(lambda);
            sum += 1 / scale;
            weighted += (lambda - from) / scale;
        }
        double end = at(to);
        return new Interval(
                end / at(from),
                change + sum * width * end,
                change * change / 2 + weighted * width * end);
    }
}
