package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.UserException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Losses of several trainings in one drawing (STAN paper, figures 5–10): the running means of the
 * steps' losses as lines, or the validations, against steps, seconds or parameters.
 *
 * @param lines by the name that the legend gives
 * @param validation whether the validations are drawn
 * @param axis what they are drawn against
 */
record LossCurves(Map<String, CurvePoints> lines, boolean validation, CurveAxis axis) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;

    /** Keeps the order of the lines. */
    LossCurves {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    /** Writes the drawing as {@code .png}, {@code .svg} and {@code .csv} into a folder. */
    void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException("cannot make " + folder + ": " + AtomicFile.reason(e), e);
        }
        new Drawing(chart()).write(folder, axis.fileName());
        AtomicFile.write(
                folder.resolve(axis.fileName() + ".csv"),
                out -> {
                    CSVPrinter csv =
                            new CSVPrinter(
                                    new OutputStreamWriter(out, StandardCharsets.UTF_8),
                                    CSVFormat.RFC4180);
                    csv.printRecord("name", axis.column(), "loss", "drawn");
                    for (Map.Entry<String, CurvePoints> entry : lines.entrySet()) {
                        CurvePoints points = entry.getValue();
                        for (int i = 0; i < points.x().size(); i++) {
                            csv.printRecord(
                                    CsvText.text(entry.getKey()),
                                    number(points.x().get(i)),
                                    points.losses().get(i),
                                    points.drawn().get(i));
                        }
                    }
                    csv.flush();
                });
    }

    /** Steps and parameters are whole numbers. */
    private Object number(double x) {
        return axis == CurveAxis.SECONDS ? (Object) x : (Object) (long) x;
    }

    private XYChart chart() {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .xAxisTitle(axis.column())
                        .yAxisTitle(validation ? "validation loss" : "loss, running mean")
                        .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        Styler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        lines.forEach(
                (name, points) -> {
                    XYSeries series = chart.addSeries(name, points.x(), points.drawn());
                    boolean marked = validation || points.x().size() == 1;
                    series.setMarker(marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
                });
        return chart;
    }

    private record Drawing(XYChart chart) implements Figure {
        @Override
        public int width() {
            return WIDTH;
        }

        @Override
        public int height() {
            return HEIGHT;
        }

        @Override
        public void paint(Graphics2D graphics) {
            chart.paint(graphics, WIDTH, HEIGHT);
        }
    }
}
