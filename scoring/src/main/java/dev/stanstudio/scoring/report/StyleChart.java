package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A metric by style: a row per style, a dot with its interval per method, marks for floor and
 * ceiling. Only places are computed here; the template draws, so no font of the machine is needed.
 */
final class StyleChart {
    private static final int LABELS = 200;
    private static final int WIDTH = 820;
    private static final int LINE = 11;
    private static final int TOP = 30;
    private static final int TICKS = 6;
    private static final double MARGIN = 0.04;
    private static final int COLOURS = 6;

    private final Result result;
    private final String metric;
    private final List<String> styles;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    private StyleChart(Result result, String metric) {
        this.result = result;
        this.metric = metric;
        this.styles = result.styles().stream().filter(this::has).toList();
    }

    /** The chart of {@code metric}; null if no style has it. */
    static Page.@Nullable Chart of(Result result, String metric) {
        StyleChart chart = new StyleChart(result, metric);
        return chart.styles.isEmpty() ? null : chart.make();
    }

    private boolean has(String style) {
        return result.methods().stream()
                .anyMatch(method -> result.number(metric, method, style) != null);
    }

    private Page.Chart make() {
        List<String> methods = result.methods();
        for (String style : styles) {
            methods.forEach(method -> measure(result.number(metric, method, style)));
        }
        double room = Math.max(high - low, 1e-6) * MARGIN;
        low -= room;
        high += room;
        List<Page.Mark> marks = new ArrayList<>();
        List<Page.Label> labels = new ArrayList<>();
        int height = Math.max(2, methods.size()) * LINE + 8;
        for (int row = 0; row < styles.size(); row++) {
            int top = TOP + row * height;
            labels.add(new Page.Label(styles.get(row), top + height / 2.0));
            boolean scaled = false;
            for (int m = 0; m < methods.size(); m++) {
                Result.Mean mean = result.number(metric, methods.get(m), styles.get(row));
                if (mean == null) {
                    continue;
                }
                if (!scaled) {
                    addScale(marks, mean, top, height);
                    scaled = true;
                }
                double y = top + 4 + (m + 0.5) * (height - 8.0) / methods.size();
                marks.add(mark("mean", methods.get(m), mean.estimate(), y, y, colour(m)));
            }
        }
        return new Page.Chart(
                metric,
                LABELS + WIDTH + 20,
                TOP + styles.size() * height + 10,
                LABELS,
                ticks(),
                labels,
                marks,
                legend(methods),
                "%s by style, with intervals; the table of %s by style has the numbers"
                        .formatted(metric, metric));
    }

    private static List<Page.Entry> legend(List<String> methods) {
        List<Page.Entry> legend = new ArrayList<>();
        for (int m = 0; m < methods.size(); m++) {
            legend.add(new Page.Entry(MethodNames.shown(methods.get(m)), colour(m)));
        }
        return legend;
    }

    private static String colour(int method) {
        return "c" + method % COLOURS;
    }

    private void measure(Result.@Nullable Mean mean) {
        if (mean == null) {
            return;
        }
        Estimate estimate = mean.estimate();
        measure(estimate.value());
        measure(estimate.low());
        measure(estimate.high());
        measure(mean.floor() == null ? null : mean.floor().value());
        measure(mean.ceiling() == null ? null : mean.ceiling().value());
    }

    private void measure(@Nullable Double value) {
        if (value != null) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
    }

    private double x(double value) {
        return LABELS + WIDTH * (value - low) / (high - low);
    }

    private void addScale(List<Page.Mark> marks, Result.Mean mean, int top, int height) {
        double end = top + height - 3.0;
        if (mean.floor() != null) {
            marks.add(mark("scale", "real, other styles", mean.floor(), top + 3, end, "floor"));
        }
        if (mean.ceiling() != null) {
            marks.add(mark("scale", "real, same style", mean.ceiling(), top + 3, end, "ceiling"));
        }
    }

    private Page.Mark mark(
            String kind, String name, Estimate estimate, double y, double end, String colour) {
        double value = estimate.value();
        double from = estimate.low() == null ? value : estimate.low();
        double to = estimate.high() == null ? value : estimate.high();
        return new Page.Mark(
                kind,
                place(x(value)),
                place(x(from)),
                place(x(to)),
                place(y),
                place(end),
                colour,
                name + ": " + ScoreFormat.value(estimate) + " " + ScoreFormat.interval(estimate));
    }

    private List<Page.Tick> ticks() {
        double step = Math.pow(10, Math.floor(Math.log10((high - low) / TICKS)));
        for (double factor : new double[] {1, 2, 5, 10}) {
            if ((high - low) / (step * factor) <= TICKS) {
                step *= factor;
                break;
            }
        }
        List<Page.Tick> ticks = new ArrayList<>();
        for (double k = Math.ceil(low / step); k * step <= high; k++) {
            ticks.add(new Page.Tick(place(x(k * step)), ScoreFormat.tick(k * step)));
        }
        return ticks;
    }

    private static String place(double pixels) {
        return String.format(Locale.ROOT, "%.1f", pixels);
    }
}
