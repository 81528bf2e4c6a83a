package dev.stanstudio.training;

import dev.stanstudio.base.AtomicFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of the losses so far, written again during a training: each line's loss, its running
 * mean, and the validations. Belongs to one thread.
 */
final class LossCurve {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final double SECONDS_BETWEEN = 10;
    private static final double NANOS = 1e9;
    private static final Color LIGHT = Color.LIGHT_GRAY;
    private static final Color BLUE = new Color(0x1f77b4);
    private static final Color RED = new Color(0xd62728);

    private final Path file;
    private final LossLog losses;
    private long drawn = System.nanoTime() - (long) (SECONDS_BETWEEN * NANOS);
    private boolean works = true;

    private LossCurve(Path file, LossLog losses) {
        this.file = file;
        this.losses = losses;
    }

    /** The curve in {@code file}, beginning with the lines of {@code log}. */
    static LossCurve open(Path file, Path log) {
        return new LossCurve(file, LossLog.read(log));
    }

    /** Adds a line of the log, and draws unless that was done a moment ago. */
    void add(String kind, long step, Map<String, Double> numbers) {
        Double loss = numbers.get(LossLog.LOSS);
        if (loss != null) {
            losses.add(kind, step, loss);
        }
        if (System.nanoTime() - drawn > SECONDS_BETWEEN * NANOS) {
            draw();
        }
    }

    /** Draws; a machine without fonts trains without the picture. */
    void draw() {
        if (!works || losses.train().steps().isEmpty()) {
            return;
        }
        drawn = System.nanoTime();
        XYChart chart = chart();
        if (chart != null) {
            AtomicFile.write(
                    file, out -> ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out));
        }
    }

    private @Nullable XYChart chart() {
        try {
            XYChart chart =
                    new XYChartBuilder()
                            .width(WIDTH)
                            .height(HEIGHT)
                            .xAxisTitle("step")
                            .yAxisTitle(LossLog.LOSS)
                            .build();
            chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
            BitmapEncoder.getBufferedImage(fill(chart));
            return chart;
        } catch (RuntimeException | LinkageError | InternalError e) {
            works = false;
            return null;
        }
    }

    private XYChart fill(XYChart chart) {
        LossLog.Line train = losses.train();
        LossLog.Line validation = losses.validation();
        add(chart, "train", train.steps(), train.values(), LIGHT, SeriesMarkers.NONE);
        add(
                chart,
                "train, running mean",
                train.steps(),
                train.smoothed(),
                BLUE,
                SeriesMarkers.NONE);
        if (!validation.steps().isEmpty()) {
            add(
                    chart,
                    "validation",
                    validation.steps(),
                    validation.values(),
                    RED,
                    SeriesMarkers.CIRCLE);
        }
        return chart;
    }

    private static void add(
            XYChart chart,
            String name,
            List<Double> steps,
            List<Double> values,
            Color colour,
            Marker marker) {
        XYSeries series = chart.addSeries(name, steps, values);
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(marker);
    }
}
