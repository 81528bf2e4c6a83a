package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.UserException;
import dev.stanstudio.training.LossLog;
import java.awt.Color;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Losses of several trainings in one drawing (STAN paper, figures 7–10): the running means of the
 * steps' losses as lines, or the validations.
 *
 * @param lines by the name that the legend gives
 * @param validation whether the validations are drawn
 */
public record LossCurves(Map<String, LossLog> lines, boolean validation) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;

    /** Keeps the order of the lines. */
    public LossCurves {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    private LossLog.Line line(LossLog log) {
        return validation ? log.validation() : log.train();
    }

    private List<Double> drawn(LossLog log) {
        return validation ? log.validation().values() : log.train().smoothed();
    }

    /** Writes {@code loss-curves.png}, {@code .svg} and {@code .csv} into a folder. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException("cannot make " + folder + ": " + e.getMessage(), e);
        }
        new Drawing(chart()).write(folder, "loss-curves");
        AtomicFile.write(
                folder.resolve("loss-curves.csv"),
                out -> {
                    CSVPrinter csv =
                            new CSVPrinter(
                                    new OutputStreamWriter(out, StandardCharsets.UTF_8),
                                    CSVFormat.RFC4180);
                    csv.printRecord("name", "step", "loss", "drawn");
                    for (Map.Entry<String, LossLog> entry : lines.entrySet()) {
                        LossLog.Line line = line(entry.getValue());
                        List<Double> drawn = drawn(entry.getValue());
                        for (int i = 0; i < drawn.size(); i++) {
                            csv.printRecord(
                                    CsvText.text(entry.getKey()),
                                    line.steps().get(i).longValue(),
                                    line.values().get(i),
                                    drawn.get(i));
                        }
                    }
                    csv.flush();
                });
    }

    private XYChart chart() {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .xAxisTitle("step")
                        .yAxisTitle(validation ? "validation loss" : "loss, running mean")
                        .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        Styler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        lines.forEach(
                (name, log) -> {
                    XYSeries series = chart.addSeries(name, line(log).steps(), drawn(log));
                    series.setMarker(validation ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
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
