package dev.stanstudio.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a training as JSON lines, each with {@code step} and {@code kind} (train or
 * validation). Lines beyond the step that a training resumes from are dropped, so that none counts
 * twice.
 */
final class TrainingLog {
    private final Path file;

    private TrainingLog(Path file) {
        this.file = file;
    }

    /** Opens the log of a training that has made {@code steps} steps. */
    static TrainingLog open(Path file, long steps) {
        try {
            List<String> kept = new ArrayList<>();
            if (Files.exists(file)) {
                // Whatever a crash left in a line is read, so that only this line is dropped.
                String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                all.lines().filter(line -> isUpTo(line, steps)).forEach(kept::add);
            }
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, kept, StandardCharsets.UTF_8);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return new TrainingLog(file);
        } catch (IOException e) {
            throw new UserException(
                    "the log " + file + " cannot be written: " + AtomicFile.reason(e), e);
        }
    }

    /** A line that a kill cut short is dropped too. */
    private static boolean isUpTo(String line, long steps) {
        try {
            JsonNode node = Json.PLAIN.readTree(line);
            return node.isObject() && node.path("step").asLong(Long.MAX_VALUE) <= steps;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    void add(String kind, long step, Map<String, Double> numbers) {
        ObjectNode node = Json.PLAIN.createObjectNode().put("kind", kind).put("step", step);
        numbers.forEach(node::put);
        try {
            Files.writeString(
                    file,
                    Json.PLAIN.writeValueAsString(node) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException(
                    "the log " + file + " cannot be written: " + AtomicFile.reason(e), e);
        }
    }
}
