package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.training.LossLog;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists what losses of trainings are drawn against. */
enum CurveAxis {
    /** Steps, as in the paper's figures 7–10. */
    STEPS("step", "loss-curves") {
        @Override
        CurvePoints points(LossLog.Line line, boolean smooth, long parameters) {
            return new CurvePoints(line.steps(), line.values(), drawn(line, smooth));
        }
    },
    /** Seconds that the steps took, as in figure 5. */
    SECONDS("seconds", "loss-by-seconds") {
        @Override
        CurvePoints points(LossLog.Line line, boolean smooth, long parameters) {
            int first = 0;
            while (first < line.seconds().size() && Double.isNaN(line.seconds().get(first))) {
                first++;
            }
            int end = line.seconds().size();
            return new CurvePoints(
                    line.seconds().subList(first, end),
                    line.values().subList(first, end),
                    drawn(line, smooth).subList(first, end));
        }
    },
    /** Trained parameters, a point for a training: its least loss, as in figure 6. */
    PARAMETERS("parameters", "loss-by-parameters") {
        @Override
        CurvePoints points(LossLog.Line line, boolean smooth, long parameters) {
            double least = Collections.min(drawn(line, smooth));
            return new CurvePoints(List.of((double) parameters), List.of(least), List.of(least));
        }
    };

    private final String column;
    private final String fileName;

    CurveAxis(String column, String fileName) {
        this.column = column;
        this.fileName = fileName;
    }

    private static List<Double> drawn(LossLog.Line line, boolean smooth) {
        return smooth ? line.smoothed() : line.values();
    }

    /**
     * Returns the points of a training.
     *
     * @param smooth whether running means are drawn
     * @param parameters of its adapter, which only {@link #PARAMETERS} reads
     */
    abstract CurvePoints points(LossLog.Line line, boolean smooth, long parameters);

    /** Returns the title of the axis and of the column. */
    String column() {
        return column;
    }

    /** Returns the name of the files without their endings. */
    String fileName() {
        return fileName;
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The axis called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    static CurveAxis of(String label) {
        return Arrays.stream(values())
                .filter(axis -> axis.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "--x is one of %s, not '%s'"
                                                .formatted(
                                                        Arrays.stream(values())
                                                                .map(CurveAxis::label)
                                                                .collect(Collectors.joining(", ")),
                                                        label)));
    }
}
