package dev.stanstudio.web.reproduce;

import dev.stanstudio.scoring.metric.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Draws a metric by step with its intervals, as SVG. */
record CheckpointChart(String metric, List<Point> points) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 280;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 20;
    private static final int BOTTOM = 40;

    /**
     * A state's number.
     *
     * @param chosen whether the rule names it
     */
    record Point(long step, Estimate score, boolean chosen) {
        private double low() {
            return Objects.requireNonNullElse(score.low(), score.value());
        }

        private double high() {
            return Objects.requireNonNullElse(score.high(), score.value());
        }
    }

    CheckpointChart {
        points = List.copyOf(points);
    }

    /** Returns the drawing; the chosen state is filled. */
    String svg() {
        String line =
                points.stream()
                        .map(p -> "%s,%s".formatted(x(p.step()), y(p.score().value())))
                        .collect(Collectors.joining(" "));
        return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="%d" height="%d" fill="#ffffff"/>
        <polyline points="%s" fill="none" stroke="#8aa0b5"/>
        %s%s<text x="%d" y="%d" text-anchor="middle">step</text>
        <text x="%d" y="14">%s</text>
        </svg>
        """
                .formatted(
                        WIDTH,
                        HEIGHT,
                        WIDTH,
                        HEIGHT,
                        line,
                        points.stream().map(this::mark).collect(Collectors.joining()),
                        axis(),
                        (LEFT + WIDTH - RIGHT) / 2,
                        HEIGHT - 6,
                        LEFT,
                        metric);
    }

    private String mark(Point point) {
        return """
        <line x1="%1$s" x2="%1$s" y1="%2$s" y2="%3$s" stroke="#2f6690"/>
        <circle cx="%1$s" cy="%4$s" r="5" fill="%5$s" stroke="#2f6690"/>
        <text x="%1$s" y="%6$d" text-anchor="middle">%7$d</text>
        """
                .formatted(
                        x(point.step()),
                        y(point.low()),
                        y(point.high()),
                        y(point.score().value()),
                        point.chosen() ? "#2f6690" : "#ffffff",
                        HEIGHT - BOTTOM + 16,
                        point.step());
    }

    private String axis() {
        return """
        <text x="%1$d" y="%2$s" text-anchor="end">%3$s</text>
        <text x="%1$d" y="%4$s" text-anchor="end">%5$s</text>
        """
                .formatted(LEFT - 12, y(least()), number(least()), y(most()), number(most()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private double least() {
        return points.stream().mapToDouble(Point::low).min().orElse(0);
    }

    private double most() {
        return points.stream().mapToDouble(Point::high).max().orElse(1);
    }

    private String x(long step) {
        long first = points.get(0).step();
        long last = points.get(points.size() - 1).step();
        double share = last > first ? (double) (step - first) / (last - first) : 0.5;
        return place(LEFT + share * (WIDTH - LEFT - RIGHT));
    }

    private String y(double value) {
        double span = most() > least() ? most() - least() : 1;
        return place(HEIGHT - BOTTOM - (value - least()) / span * (HEIGHT - TOP - BOTTOM));
    }

    private static String place(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
