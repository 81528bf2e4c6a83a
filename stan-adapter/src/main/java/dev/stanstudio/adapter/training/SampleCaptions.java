package dev.stanstudio.adapter.training;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stores the captions of a training's sheets of samples, the leftmost first. */
public final class SampleCaptions {
    private static final String FILE = "captions.json";

    private SampleCaptions() {}

    /**
     * Writes captions into the folder of the sheets.
     *
     * @throws UserException if that cannot be done
     */
    static void write(Path samples, List<String> captions) {
        byte[] json = Json.pretty(Json.PLAIN, captions).getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(samples);
        } catch (IOException e) {
            throw new UserException(
                    "cannot make %s: %s".formatted(samples, AtomicFile.reason(e)), e);
        }
        AtomicFile.write(samples.resolve(FILE), out -> out.write(json));
    }

    /** Reads the captions of the sheets in a folder; none if there are none. */
    public static List<String> read(Path samples) {
        List<String> captions = new ArrayList<>();
        try {
            Json.PLAIN
                    .readTree(Files.readString(samples.resolve(FILE), StandardCharsets.UTF_8))
                    .forEach(caption -> captions.add(caption.asText()));
        } catch (IOException e) {
            return List.of(); // a training of before, or none
        }
        return List.copyOf(captions);
    }
}
