package dev.stanstudio.sd3.schedule;

/** Evenly spaced numbers, rounded as NumPy's {@code linspace} rounds them. */
final class Ramp {
    private Ramp() {}

    /** {@code count} ≥ 1 numbers from {@code start} to {@code stop}; a single one is the start. */
    static double[] linear(double start, double stop, int count) {
        double[] values = new double[count];
        double step = (stop - start) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = i == 0 ? start : i * step + start;
        }
        if (count > 1) {
            values[count - 1] = stop;
        }
        return values;
    }
}
