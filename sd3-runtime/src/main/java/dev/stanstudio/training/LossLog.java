package dev.stanstudio.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The losses of a training by step: those of its steps and its validations. For one thread. */
public final class LossLog {
    static final String LOSS = "loss";
    private static final String TRAIN = "train";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Losses by step. */
    public static final class Line {
        private static final double MEMORY = 0.9;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        private void add(double step, double value) {
            steps.add(step);
            values.add(value);
        }

        /** Steps, rising. */
        public List<Double> steps() {
            return Collections.unmodifiableList(steps);
        }

        /** The loss at each of {@link #steps}. */
        public List<Double> values() {
            return Collections.unmodifiableList(values);
        }

        /** Running means that forget a tenth at each point, without the pull of the start. */
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

    /**
     * The losses in {@code log}; lines without a loss are passed over.
     *
     * @throws UserException if it cannot be read or a line is no JSON
     */
    public static LossLog read(Path log) {
        LossLog losses = new LossLog();
        try {
            int number = 0;
            for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                number++;
                losses.add(parse(log, number, line));
            }
        } catch (IOException e) {
            throw new UserException("cannot read " + log + ": " + e, e);
        }
        return losses;
    }

    private static JsonNode parse(Path log, int number, String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UserException(log + ": line " + number + " is not JSON", e);
        }
    }

    private void add(JsonNode node) {
        if (node.path(LOSS).isNumber()) {
            String kind = node.path("kind").asText();
            add(kind, node.path("step").asLong(), node.path(LOSS).asDouble());
        }
    }

    /** Adds a loss; one that is not finite is passed over. */
    void add(String kind, long step, double loss) {
        if (Double.isFinite(loss)) {
            (kind.equals(TRAIN) ? train : validation).add((double) step, loss);
        }
    }

    /** Losses of the training's own steps. */
    public Line train() {
        return train;
    }

    /** Losses of the validations. */
    public Line validation() {
        return validation;
    }
}
