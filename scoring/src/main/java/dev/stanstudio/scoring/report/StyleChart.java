package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.stats.Estimate;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import org.jfree.svg.SVGGraphics2D;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A metric by style: a mark with its interval per method, lines for floor and ceiling. */
final class StyleChart {
    private static final int WIDTH = 1040;
    private static final int HEIGHT = 400;
    private static final Color[] COLOURS = {
        new Color(0x5B6770), new Color(0xC9722B), new Color(0x2B6CB0), new Color(0x6B8E23),
        new Color(0x8E4585), new Color(0x008B8B)
    };
    private static final Marker[] MARKS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS
    };

    private StyleChart() {}

    /** The chart of {@code metric}; null if fewer than one style has it. */
    static Page.@Nullable Chart of(Result result, String metric, int number) {
        List<String> styles =
                result.styles().stream()
                        .filter(style -> has(result, metric, style))
                        .toList();
        if (styles.isEmpty()) {
            return null;
        }
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).build();
        style(chart.getStyler());
        addScale(chart, result, metric, styles, true);
        addScale(chart, result, metric, styles, false);
        List<String> methods = result.methods();
        for (int m = 0; m < methods.size(); m++) {
            addMethod(chart, result, metric, styles, methods.get(m), m);
        }
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, HEIGHT);
        svg.setDefsKeyPrefix("chart" + number);
        chart.paint(svg, WIDTH, HEIGHT);
        return new Page.Chart(metric, svg.getSVGElement());
    }

    private static boolean has(Result result, String metric, String style) {
        return result.methods().stream()
                .anyMatch(method -> result.number(metric, method, style) != null);
    }

    private static void style(CategoryStyler styler) {
        styler.setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setXAxisLabelRotation(90);
        styler.setMarkerSize(7);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotGridVerticalLinesVisible(false);
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
        styler.setAxisTickLabelsFont(font);
        styler.setLegendFont(font);
    }

    private static void addMethod(
            CategoryChart chart,
            Result result,
            String metric,
            List<String> styles,
            String method,
            int index) {
        List<@Nullable Number> values = new ArrayList<>();
        List<Number> errors = new ArrayList<>();
        for (String style : styles) {
            Result.Mean mean = result.number(metric, method, style);
            Estimate estimate = mean == null ? null : mean.estimate();
            values.add(estimate == null ? null : Double.valueOf(estimate.value()));
            errors.add(half(estimate));
        }
        CategorySeries series = chart.addSeries(method, styles, values, errors);
        series.setMarker(MARKS[index % MARKS.length]);
        series.setMarkerColor(COLOURS[index % COLOURS.length]);
        series.setLineColor(COLOURS[index % COLOURS.length]);
    }

    /** The library draws bars of one length both ways: the longer half of the interval. */
    private static double half(@Nullable Estimate estimate) {
        if (estimate == null || estimate.low() == null || estimate.high() == null) {
            return 0;
        }
        return Math.max(
                estimate.high() - estimate.value(), estimate.value() - estimate.low());
    }

    private static void addScale(
            CategoryChart chart,
            Result result,
            String metric,
            List<String> styles,
            boolean ceiling) {
        List<@Nullable Number> values = new ArrayList<>();
        boolean any = false;
        for (String style : styles) {
            Estimate end = null;
            for (String method : result.methods()) {
                Result.Mean mean = result.number(metric, method, style);
                if (mean != null && end == null) {
                    end = ceiling ? mean.ceiling() : mean.floor();
                }
            }
            values.add(end == null ? null : Double.valueOf(end.value()));
            any |= end != null;
        }
        if (!any) {
            return;
        }
        CategorySeries series =
                chart.addSeries(
                        ceiling ? "real, same style" : "real, other styles", styles, values);
        series.setMarker(ceiling ? SeriesMarkers.TRIANGLE_DOWN : SeriesMarkers.TRIANGLE_UP);
        series.setMarkerColor(new Color(ceiling ? 0x4A9C6D : 0xB0B0B0));
    }
}
