package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.stanstudio.base.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link Result} as JSON. */
public final class ResultJson {
    /** Name of the file. */
    public static final String FILE = "summary.json";

    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private ResultJson() {}

    /** The result, indented. */
    public static String text(Result result) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        }
    }

    /** Writes the result, whole or not at all. */
    public static void write(Result result, Path file) {
        String text = text(result) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
