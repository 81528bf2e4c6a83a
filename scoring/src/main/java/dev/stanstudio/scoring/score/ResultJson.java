package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link Result} as JSON. */
public final class ResultJson {
    /** Name of the file. */
    public static final String FILE = "summary.json";

    private static final JsonMapper READER =
            Json.SNAKE_CASE
                    .rebuild()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private ResultJson() {}

    /**
     * Reads a result that {@link #write} wrote.
     *
     * @throws UserException if there is none or it is damaged
     */
    public static Result read(Path file) {
        try {
            return READER.readValue(file.toFile(), Result.class);
        } catch (IOException e) {
            throw new UserException("cannot read " + file + ": " + AtomicFile.reason(e), e);
        }
    }

    /** The result, indented. */
    public static String text(Result result) {
        return Json.pretty(Json.SNAKE_CASE, result);
    }

    /** Writes the result, whole or not at all. */
    public static void write(Result result, Path file) {
        String text = text(result) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
