package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.FeatureStatistics;
import dev.stanstudio.adapter.analysis.LayerStatistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Figure 3 of the STAN paper as points of a drawing: activation frequency to the right, mean
 * activation upwards, both as powers of ten, coloured by label entropy.
 *
 * @param points the general ones first, so that specific ones lie on top of them
 * @param across marks of the axis to the right
 * @param up marks of the axis upwards
 * @param silent features that were never active
 */
public record Scatter(List<Point> points, List<Mark> across, List<Mark> up, int silent) {
    /** The size of the drawing. */
    public static final int WIDTH = 860;

    public static final int HEIGHT = 540;

    /** The corner in which the axes meet. */
    public static final int LEFT = 116;

    public static final int BOTTOM = HEIGHT - 80;

    private static final int MARGIN = 12;
    private static final int SHADES = 8;
    private static final double LEAST_SPAN = 0.2;

    /**
     * A feature.
     *
     * @param id layer's number in the analysis and feature's number, as {@code 12-45}
     * @param shade 0 for one style alone … 7 for all alike
     */
    public record Point(String id, String x, String y, int shade) {}

    /** A mark at an axis. */
    public record Mark(String at, String text) {}

    private record Placed(
            int layer, FeatureStatistics feature, double x, double y, double entropy) {}

    /**
     * Plots the features of {@code layers} whose main style is {@code style}.
     *
     * @param style number of a style, or -1 for all
     */
    static Scatter of(FeatureAnalysis analysis, List<LayerStatistics> layers, int style) {
        List<Placed> placed = new ArrayList<>();
        int silent = 0;
        for (LayerStatistics layer : layers) {
            int number = analysis.layers().indexOf(layer);
            for (FeatureStatistics feature : layer.features()) {
                Double mean = feature.mean();
                Double entropy = feature.entropy();
                if (mean == null || entropy == null) {
                    silent++;
                } else if (style < 0 || feature.mainStyle() == style) {
                    placed.add(
                            new Placed(
                                    number,
                                    feature,
                                    Math.log10(feature.frequency()),
                                    Math.log10(mean),
                                    entropy));
                }
            }
        }
        placed.sort(Comparator.comparingDouble(Placed::entropy).reversed());
        double most = Math.log(Math.max(2, analysis.styles().size()));
        Axis x = Axis.over(placed.stream().mapToDouble(Placed::x).toArray(), LEFT, WIDTH - MARGIN);
        Axis y = Axis.over(placed.stream().mapToDouble(Placed::y).toArray(), BOTTOM, MARGIN);
        return new Scatter(
                placed.stream().map(p -> point(p, x, y, most)).toList(),
                x.marks(),
                y.marks(),
                silent);
    }

    private static Point point(Placed p, Axis x, Axis y, double most) {
        int shade = (int) Math.max(0, Math.min(SHADES - 1, SHADES * p.entropy() / most));
        return new Point(p.layer() + "-" + p.feature().feature(), x.at(p.x()), y.at(p.y()), shade);
    }

    /** A logarithmic axis between two coordinates of the drawing. */
    private record Axis(double low, double high, int from, int to) {
        static Axis over(double[] values, int from, int to) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            if (low > high) {
                return new Axis(-1, 0, from, to);
            }
            double room = Math.max(LEAST_SPAN, high - low) / 20;
            return new Axis(low - room, high + room, from, to);
        }

        String at(double value) {
            return String.format(
                    Locale.ROOT, "%.1f", from + (to - from) * (value - low) / (high - low));
        }

        List<Mark> marks() {
            double step = high - low > 3 ? 1 : high - low > 1.2 ? 0.5 : 0.2;
            List<Mark> marks = new ArrayList<>();
            for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
                marks.add(new Mark(at(i * step), number(Math.pow(10, i * step))));
            }
            return marks;
        }
    }

    /** Formats a number with two significant digits. */
    static String number(double value) {
        if (value == 0 || (value >= 0.001 && value < 1000)) {
            return new java.math.BigDecimal(value)
                    .round(new java.math.MathContext(2))
                    .stripTrailingZeros()
                    .toPlainString();
        }
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
