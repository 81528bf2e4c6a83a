package dev.stanstudio.web.reproduce;

import java.util.List;
import java.util.Locale;

/**
 * Holds mean and standard deviation over the seeds.
 *
 * @param mean of the values
 * @param deviation their sample standard deviation; NaN for a single value
 * @param count number of values
 */
record MeanStd(double mean, double deviation, int count) {
    static MeanStd of(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        double squares =
                values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        int n = values.size();
        return new MeanStd(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)), n);
    }

    /** Returns {@code 0.3712 ± 0.0008} with so many decimals; a dash where there is no value. */
    String text(int decimals) {
        if (Double.isNaN(mean)) {
            return "–";
        }
        String number = "%." + decimals + "f";
        return Double.isNaN(deviation)
                ? String.format(Locale.ROOT, number, mean)
                : String.format(Locale.ROOT, number + " ± " + number, mean, deviation);
    }
}
