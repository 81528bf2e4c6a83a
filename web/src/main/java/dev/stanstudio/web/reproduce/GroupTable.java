package dev.stanstudio.web.reproduce;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.moment.StandardDeviation;

/** Prints the results of {@link GroupTrial} for people. */
final class GroupTable {
    private static final double CONFIDENCE = 0.95;

    private GroupTable() {}

    static void head(PrintWriter out) {
        out.printf(
                "%-16s %8s %9s %9s %9s %10s %10s%n",
                "style", "features", "plain", "off", "(random)", "activation", "(random)");
    }

    static void row(PrintWriter out, GroupTrial.Result result) {
        out.printf(
                Locale.ROOT,
                "%-16s %8d %9.4f %+9.4f %+9.4f %10.3g %10.3g%n",
                result.style(),
                result.features(),
                result.plain(),
                result.off(),
                result.randomOff(),
                result.activation(),
                result.randomActivation());
        out.flush();
    }

    /** Prints the mean difference over styles, which are the units, with a t interval. */
    static void summary(PrintWriter out, List<GroupTrial.Result> results) {
        double[] differences =
                results.stream().mapToDouble(GroupTrial.Result::difference).toArray();
        double mean =
                results.stream().mapToDouble(GroupTrial.Result::difference).average().orElse(0);
        long more = results.stream().filter(one -> one.difference() < 0).count();
        out.printf(
                Locale.ROOT,
                "%nof %d styles, %d lose more with their own features off than with random"
                        + " ones; mean difference %+.4f%s%n",
                results.size(),
                more,
                mean,
                differences.length < 2 ? "" : interval(mean, differences));
    }

    private static String interval(double mean, double[] values) {
        double reach =
                new StandardDeviation().evaluate(values)
                        / Math.sqrt(values.length)
                        * new TDistribution(values.length - 1.0)
                                .inverseCumulativeProbability(0.5 + CONFIDENCE / 2);
        return " (%+.4f to %+.4f, t over styles)".formatted(mean - reach, mean + reach);
    }
}
