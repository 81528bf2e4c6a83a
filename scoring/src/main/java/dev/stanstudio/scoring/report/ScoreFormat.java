package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.metric.Estimate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers in words. */
final class ScoreFormat {
    private static final double LEAST_P = 0.0001;

    private ScoreFormat() {}

    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 10 ? "%.2f" : size >= 1 ? "%.3f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    /** A round number on an axis. */
    static String tick(double value) {
        return String.valueOf(Math.round(value * 1e6) / 1e6);
    }

    static String number(@Nullable Double value) {
        return value == null ? "–" : number(value.doubleValue());
    }

    static String value(@Nullable Estimate estimate) {
        return estimate == null ? "–" : number(estimate.value());
    }

    /** The interval and N. */
    static String interval(@Nullable Estimate estimate) {
        if (estimate == null) {
            return "";
        }
        String ends =
                estimate.low() == null || estimate.high() == null
                        ? ""
                        : "[" + number(estimate.low()) + ", " + number(estimate.high()) + "] ";
        return ends + "N=" + estimate.n();
    }

    static Page.Cell cell(@Nullable Estimate estimate) {
        return new Page.Cell(value(estimate), interval(estimate), false);
    }

    static String chance(@Nullable Double p) {
        if (p == null) {
            return "–";
        }
        return p < LEAST_P ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }
}
