package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.training.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a finished training's log says.
 *
 * @param steps updates made
 * @param first validation loss at the first validation
 * @param last validation loss at the end; NaN where nothing was held out
 * @param best smallest validation loss
 * @param stepSeconds mean seconds of an update
 */
record TrainingResult(long steps, double first, double last, double best, double stepSeconds) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the log in {@code folder}. */
    static TrainingResult read(Path folder) {
        Path log = folder.resolve(TrainingLoop.LOG);
        Reader reader = new Reader();
        try {
            for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                reader.add(JSON.readTree(line));
            }
            return reader.result();
        } catch (JacksonException e) {
            throw new UserException(log + " has a line that is no JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserException(log + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Reader {
        private long steps;
        private double first = Double.NaN;
        private double last = Double.NaN;
        private double best = Double.NaN;
        private double seconds;
        private long lines;

        void add(JsonNode line) {
            steps = Math.max(steps, line.path("step").asLong());
            boolean validation = line.path("kind").asText().equals("validation");
            if (validation && line.has("loss")) {
                last = line.path("loss").asDouble();
                first = Double.isNaN(first) ? last : first;
                best = Double.isNaN(best) ? last : Math.min(best, last);
            } else if (line.has("step_seconds")) {
                seconds += line.path("step_seconds").asDouble();
                lines++;
            }
        }

        TrainingResult result() {
            return new TrainingResult(steps, first, last, best, seconds / lines);
        }
    }
}
