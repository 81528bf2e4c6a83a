package dev.stanstudio.adapter.analysis;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Features as points (STAN paper, figures 3, 4 and 32): log₁₀ of the activation frequency to the
 * right, log₁₀ of the mean activation upwards, coloured by label entropy.
 *
 * @param title above it
 * @param read the way in which the features were read, in words; empty says nothing
 * @param features which features
 * @param mostEntropy the scale's end, log of the number of styles
 * @param bounds of the axes
 */
record FeatureScatter(
        String title,
        String read,
        List<FeatureStatistics> features,
        double mostEntropy,
        Bounds bounds) {
    private static final int BINS = 32;
    private static final int MARKER = 5;
    private static final double MARGIN = 0.06;
    private static final double END = 0.05;
    private static final double LATEST_START = -1;

    /** Axes that hold every point, in powers of ten. */
    record Bounds(double left, double right, double bottom, double top) {
        static Bounds of(List<FeatureStatistics> features) {
            double[] x = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            double[] y = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            for (FeatureStatistics feature : features) {
                Double mean = feature.mean();
                if (mean != null) {
                    widen(x, Math.log10(feature.frequency()));
                    widen(y, Math.log10(mean));
                }
            }
            return x[0] > x[1] ? new Bounds(-1, 0, -1, 0) : around(x, y);
        }

        private static void widen(double[] range, double value) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }

        private static Bounds around(double[] x, double[] y) {
            double w = Math.max(0.2, x[1] - x[0]) * MARGIN;
            double h = Math.max(0.2, y[1] - y[0]) * MARGIN;
            // No sample is active more often than always.
            return new Bounds(
                    Math.min(x[0] - w, LATEST_START), Math.min(x[1] + w, END), y[0] - h, y[1] + h);
        }
    }

    FeatureScatter {
        features = List.copyOf(features);
    }

    /**
     * The chart in the given size; {@code small} leaves out what a panel among others needs not.
     */
    XYChart chart(int width, int height, boolean small) {
        XYChart chart =
                new XYChartBuilder()
                        .width(width)
                        .height(height)
                        .title(title)
                        .xAxisTitle(
                                "log10 activation frequency" + (read.isEmpty() ? "" : " " + read))
                        .yAxisTitle("log10 mean activation")
                        .build();
        style(chart, small);
        List<List<double[]>> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            bins.add(new ArrayList<>());
        }
        for (FeatureStatistics feature : features) {
            Double mean = feature.mean();
            Double entropy = feature.entropy();
            if (mean != null && entropy != null) {
                int bin = (int) (entropy / mostEntropy * BINS);
                bins.get(Math.max(0, Math.min(BINS - 1, bin)))
                        .add(new double[] {Math.log10(feature.frequency()), Math.log10(mean)});
            }
        }
        // General features first, so that specific ones lie on top of them.
        for (int i = BINS - 1; i >= 0; i--) {
            add(chart, i, bins.get(i));
        }
        return chart;
    }

    private static void add(XYChart chart, int bin, List<double[]> points) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries series =
                chart.addSeries(
                        "entropy " + bin,
                        points.stream().mapToDouble(p -> p[0]).toArray(),
                        points.stream().mapToDouble(p -> p[1]).toArray());
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(ColourScale.of((bin + 0.5) / BINS));
    }

    private void style(XYChart chart, boolean small) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, small ? 10 : 12);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setXAxisMin(bounds.left());
        chart.getStyler().setXAxisMax(bounds.right());
        chart.getStyler().setYAxisMin(bounds.bottom());
        chart.getStyler().setYAxisMax(bounds.top());
        chart.getStyler().setXAxisDecimalPattern("0.0");
        chart.getStyler().setYAxisDecimalPattern("0.0");
        chart.getStyler().setAxisTitleFont(font);
        chart.getStyler().setAxisTickLabelsFont(font);
        Styler styler = chart.getStyler();
        styler.setLegendVisible(false);
        styler.setMarkerSize(small ? MARKER - 1 : MARKER + 1);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, small ? 11 : 14));
    }

    /** The scale of the colours, with its ends and its name. */
    static void paintScale(Graphics2D graphics, int x, int y, int height, double mostEntropy) {
        int width = 14;
        int steps = 64;
        // Each down to the foot, so that no seams show between them.
        for (int i = steps - 1; i >= 0; i--) {
            graphics.setColor(ColourScale.of((i + 0.5) / steps));
            int top = (i + 1) * height / steps;
            graphics.fillRect(x, y + height - top, width, top);
        }
        graphics.setColor(Color.DARK_GRAY);
        graphics.drawRect(x, y, width, height);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        for (int i = 0; i <= 4; i++) {
            String text = String.format(java.util.Locale.ROOT, "%.2f", mostEntropy * i / 4);
            graphics.drawString(text, x + width + 5, y + height - i * height / 4 + 4);
        }
        graphics.drawString("label", x - 4, y - 24);
        graphics.drawString("entropy (nats)", x - 4, y - 10);
    }
}
