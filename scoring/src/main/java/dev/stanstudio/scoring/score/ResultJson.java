package dev.stanstudio.scoring.score;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link Result} as JSON. */
public final class ResultJson {
    /** Name of the file. */
    public static final String FILE = "summary.json";

    private ResultJson() {}

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
