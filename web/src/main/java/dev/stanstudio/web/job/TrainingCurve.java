package dev.stanstudio.web.job;

import dev.stanstudio.base.UserException;
import dev.stanstudio.training.LossLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws the losses of a training as lines, and lists them as a table.
 *
 * @param raw the training's losses, as the points of an SVG polyline 300 wide and 80 high
 * @param smooth the same, averaged over a twentieth of the training
 * @param validation the validations' losses, likewise; empty without any
 * @param range of both axes
 * @param last the last averaged loss
 * @param rows of the table, the first step first
 */
public record TrainingCurve(
        String raw, String smooth, String validation, Range range, double last, List<Row> rows) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 80;
    private static final int MOST_POINTS = 300;
    private static final int WINDOWS = 20;
    private static final int MOST_ROWS = 20;

    private record Loss(long step, double value) {}

    /** The first and last step, and the lowest and highest loss. */
    public record Range(long first, long steps, double low, double high) {
        /** Returns the loss in the middle of the axis. */
        public double middle() {
            return (low + high) / 2;
        }

        /** Returns the step in the middle of the axis. */
        public long half() {
            return (first + steps) / 2;
        }

        private String point(Loss loss) {
            double span = high > low ? high - low : 1;
            return String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    (double) WIDTH * (loss.step() - first) / Math.max(1, steps - first),
                    HEIGHT * (1 - (loss.value() - low) / span));
        }

        private String points(List<Loss> losses) {
            return losses.stream().map(this::point).collect(Collectors.joining(" "));
        }
    }

    /**
     * Holds the losses at one step for people; empty for one that was not measured.
     *
     * @param training averaged
     */
    public record Row(long step, String training, String validation) {}

    /** Keeps a copy of the list. */
    public TrainingCurve {
        rows = List.copyOf(rows);
    }

    /** Reads the curve from a training's log; empty if it holds fewer than two losses. */
    public static Optional<TrainingCurve> read(Path log) {
        LossLog losses;
        try {
            losses = LossLog.readGrowing(log);
        } catch (UserException e) {
            return Optional.empty();
        }
        List<Loss> train = losses(losses.train());
        return train.size() < 2
                ? Optional.empty()
                : Optional.of(of(train, losses(losses.validation())));
    }

    /** Returns a loss for people. */
    public static String text(double loss) {
        return String.format(Locale.ROOT, "%.4f", loss);
    }

    /** Returns whether validations were measured. */
    public boolean hasValidation() {
        return !validation.isEmpty();
    }

    private static List<Loss> losses(LossLog.Line line) {
        List<Loss> losses = new ArrayList<>();
        for (int i = 0; i < line.steps().size(); i++) {
            losses.add(new Loss(line.steps().get(i).longValue(), line.values().get(i)));
        }
        return losses;
    }

    private static TrainingCurve of(List<Loss> all, List<Loss> validation) {
        List<Loss> losses = thinned(all, MOST_POINTS);
        List<Loss> smooth = smooth(losses);
        Range range = range(losses, validation);
        return new TrainingCurve(
                range.points(losses),
                range.points(smooth),
                range.points(validation),
                range,
                smooth.get(smooth.size() - 1).value(),
                rows(smooth, validation));
    }

    /** Returns at most twice {@code most} of the losses, the last among them. */
    private static List<Loss> thinned(List<Loss> all, int most) {
        int stride = Math.max(1, all.size() / most);
        List<Loss> losses = new ArrayList<>();
        for (int i = (all.size() - 1) % stride; i < all.size(); i += stride) {
            losses.add(all.get(i));
        }
        return losses;
    }

    private static List<Loss> smooth(List<Loss> losses) {
        List<Loss> smooth = new ArrayList<>();
        int window = Math.max(1, losses.size() / WINDOWS);
        double sum = 0;
        for (int i = 0; i < losses.size(); i++) {
            sum += losses.get(i).value();
            if (i >= window) {
                sum -= losses.get(i - window).value();
            }
            smooth.add(new Loss(losses.get(i).step(), sum / Math.min(i + 1, window)));
        }
        return smooth;
    }

    private static Range range(List<Loss> train, List<Loss> validation) {
        List<Loss> both = Stream.concat(train.stream(), validation.stream()).toList();
        return new Range(
                both.stream().mapToLong(Loss::step).min().orElse(0),
                both.stream().mapToLong(Loss::step).max().orElse(0),
                both.stream().mapToDouble(Loss::value).min().orElse(0),
                both.stream().mapToDouble(Loss::value).max().orElse(1));
    }

    private static List<Row> rows(List<Loss> smooth, List<Loss> validation) {
        TreeMap<Long, Row> rows = new TreeMap<>();
        for (Loss loss : thinned(smooth, MOST_ROWS / 2)) {
            rows.put(loss.step(), new Row(loss.step(), text(loss.value()), ""));
        }
        for (Loss loss : thinned(validation, MOST_ROWS / 2)) {
            rows.merge(
                    loss.step(),
                    new Row(loss.step(), "", text(loss.value())),
                    (row, own) -> new Row(row.step(), row.training(), own.validation()));
        }
        return List.copyOf(rows.values());
    }
}
