package dev.stanstudio.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the log of a training: its losses by step, its steps and their time. For one thread. */
public final class LossLog {
    static final String LOSS = "loss";
    private static final String TRAIN = "train";
    private static final String SECONDS = "step_seconds";

    /** Holds losses by step. */
    public static final class Line {
        private static final double MEMORY = 0.9;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();
        private final List<Double> seconds = new ArrayList<>();

        private void add(double step, double value, double elapsed) {
            steps.add(step);
            values.add(value);
            seconds.add(elapsed);
        }

        /**
         * Returns the seconds that the training's steps had taken at each of {@link #steps},
         * without validations and what reads data; NaN where no step was timed before.
         */
        public List<Double> seconds() {
            return Collections.unmodifiableList(seconds);
        }

        /** Returns the steps, rising. */
        public List<Double> steps() {
            return Collections.unmodifiableList(steps);
        }

        /** Returns the loss at each of {@link #steps}. */
        public List<Double> values() {
            return Collections.unmodifiableList(values);
        }

        /** Returns exponential means with factor 0.9, corrected for the start. */
        public List<Double> smoothed() {
            List<Double> means = new ArrayList<>();
            double sum = 0;
            double weight = 0;
            for (double value : values) {
                sum = MEMORY * sum + (1 - MEMORY) * value;
                weight = MEMORY * weight + (1 - MEMORY);
                means.add(sum / weight);
            }
            return means;
        }
    }

    private final Line train = new Line();
    private final Line validation = new Line();
    private long steps;
    private double seconds;
    private long timed;
    private double elapsed = Double.NaN;
    private long timedStep;

    /**
     * Reads {@code log}; lines without a loss add none.
     *
     * @throws UserException if it cannot be read or a line is no JSON
     */
    public static LossLog read(Path log) {
        return read(log, false);
    }

    /**
     * Reads {@code log} while a training may be writing it: lines that are no JSON are skipped.
     *
     * @throws UserException if it cannot be read
     */
    public static LossLog readGrowing(Path log) {
        return read(log, true);
    }

    private static LossLog read(Path log, boolean growing) {
        LossLog losses = new LossLog();
        int number = 0;
        try {
            for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                number++;
                losses.add(log, number, line, growing);
            }
        } catch (IOException e) {
            throw new UserException("cannot read %s: %s".formatted(log, AtomicFile.reason(e)), e);
        }
        return losses;
    }

    private void add(Path log, int number, String line, boolean growing) {
        try {
            add(Json.PLAIN.readTree(line));
        } catch (JsonProcessingException e) {
            if (!growing) {
                throw new UserException("%s: line %d is not JSON".formatted(log, number), e);
            }
        }
    }

    private void add(JsonNode node) {
        steps = Math.max(steps, node.path("step").asLong());
        if (node.has(SECONDS)) {
            seconds += node.path(SECONDS).asDouble();
            timed++;
            advance(node.path("step").asLong(), node.path(SECONDS).asDouble());
        }
        if (node.path(LOSS).isNumber()) {
            String kind = node.path("kind").asText();
            add(kind, node.path("step").asLong(), node.path(LOSS).asDouble());
        }
    }

    /** Counts the steps since the last timed line; steps that were repeated count once. */
    private void advance(long step, double each) {
        elapsed = (Double.isNaN(elapsed) ? 0 : elapsed) + Math.max(0, step - timedStep) * each;
        timedStep = Math.max(timedStep, step);
    }

    /** Adds a loss, unless it is not finite. */
    void add(String kind, long step, double loss) {
        if (Double.isFinite(loss)) {
            (kind.equals(TRAIN) ? train : validation).add((double) step, loss, elapsed);
        }
    }

    /** Returns the number of the last step of any line that was read. */
    public long steps() {
        return steps;
    }

    /** Returns the mean time of a step in seconds; NaN if no line that was read states one. */
    public double stepSeconds() {
        return seconds / timed;
    }

    /** Returns the losses of the training's own steps. */
    public Line train() {
        return train;
    }

    /** Returns the losses of the validations. */
    public Line validation() {
        return validation;
    }
}
