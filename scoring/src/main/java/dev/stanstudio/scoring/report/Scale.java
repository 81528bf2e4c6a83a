package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places the values of one metric on bars: between floor and ceiling where every method has both,
 * else between the smallest and the largest number.
 */
final class Scale {
    private static final double MARGIN = 0.04;
    private static final double PERCENT = 100;

    /** A share of pictures: its bars go from none to all. */
    private static final String SHARE = "style_accuracy";

    /**
     * Floor and ceiling of a method: the means of its styles' own, each style weighted by its
     * pictures as in the mean of the method.
     */
    private record Ends(double floor, double ceiling) {
        double position(double value) {
            return (value - floor) / (ceiling - floor);
        }
    }

    private final String title;
    private final Map<String, Estimate> values;
    private final Map<String, Ends> ends = new LinkedHashMap<>();
    private final boolean scaled;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    /**
     * @param title the style; empty for all pictures
     * @param values by method, in the order of the bars
     */
    Scale(Result result, String metric, String title, Map<String, Estimate> values) {
        this.title = title;
        this.values = values;
        for (String method : values.keySet()) {
            Ends own = ends(result, metric, method, title);
            if (own != null) {
                ends.put(method, own);
            }
        }
        scaled = !values.isEmpty() && ends.size() == values.size();
        if (scaled) {
            low = 0;
            high = 1;
        }
        if (metric.equals(SHARE)) {
            low = 0;
            high = 1;
            return;
        }
        values.forEach(this::measure);
        double room = Math.max(high - low, 1e-9) * MARGIN;
        low -= room;
        high += room;
    }

    private static @Nullable Ends ends(Result result, String metric, String method, String style) {
        double n = 0;
        double floor = 0;
        double ceiling = 0;
        for (Result.Mean mean : result.numbers()) {
            if (!mean.metric().equals(metric)
                    || !mean.method().equals(method)
                    || mean.style() == null
                    || (!style.isEmpty() && !style.equals(mean.style()))) {
                continue;
            }
            if (mean.floor() == null || mean.ceiling() == null) {
                return null;
            }
            n += mean.estimate().n();
            floor += mean.estimate().n() * mean.floor().value();
            ceiling += mean.estimate().n() * mean.ceiling().value();
        }
        return n > 0 && ceiling > floor ? new Ends(floor / n, ceiling / n) : null;
    }

    private void measure(String method, Estimate e) {
        for (Double value : new Double[] {e.value(), e.low(), e.high()}) {
            if (value != null) {
                low = Math.min(low, scaled(method, value));
                high = Math.max(high, scaled(method, value));
            }
        }
    }

    private double scaled(String method, double value) {
        Ends own = ends.get(method);
        return scaled && own != null ? own.position(value) : value;
    }

    private String percent(double place) {
        return String.format(Locale.ROOT, "%.2f", PERCENT * (place - low) / (high - low));
    }

    Bars bars() {
        List<Bar> bars = new ArrayList<>();
        values.forEach((method, e) -> bars.add(bar(method, e)));
        return new Bars(
                title,
                bars,
                scaled ? percent(0) : "",
                scaled ? percent(1) : "",
                scaled ? "" : Words.number(low),
                scaled ? "" : Words.number(high));
    }

    private Bar bar(String method, Estimate e) {
        double value = e.value();
        Double from = e.low();
        Double to = e.high();
        return new Bar(
                MethodNames.shown(method),
                Words.number(e),
                Words.pictures(e.n()),
                scaled
                        ? String.format(Locale.ROOT, "%.0f %%", PERCENT * scaled(method, value))
                        : "",
                percent(scaled(method, from == null ? value : from)),
                percent(scaled(method, value)),
                percent(scaled(method, to == null ? value : to)));
    }

    /** Returns the ends of the bars in words. */
    String words() {
        return scaled
                ? "0 % is the floor, what real pictures of other styles reach; 100 % the ceiling,"
                        + " what held-out real pictures of the style reach. Dots are means, lines"
                        + " their 95 % intervals."
                : "This metric has no floor and ceiling here, so the bars compare methods alone."
                        + " Dots are means, lines their 95 % intervals.";
    }
}
