package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Holds what people wrote about an adapter. It is kept beside the adapter, as {@code notes.json} in
 * its folder or as {@code NAME.notes.json} beside its file; nothing is computed from it.
 *
 * @param description what the adapter is for; empty for none
 * @param triggerWords words of a prompt that the adapter answers to; empty for none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record AdapterNotes(String description, String triggerWords) {
    /** Nothing was written. */
    public static final AdapterNotes NONE = new AdapterNotes("", "");

    private static final String FILE = "notes.json";

    /** The file with the numbers of an adapter that is a folder. */
    private static final String WITHIN = "adapter_model.safetensors";

    private static final String SUFFIX = ".safetensors";
    private static final int MOST_BYTES = 64 << 10;
    private static final int LONGEST_DESCRIPTION = 2_000;
    private static final int LONGEST_WORDS = 300;

    /** Refuses texts that are longer than a card. */
    public AdapterNotes {
        description = description.strip();
        triggerWords = triggerWords.strip();
        limit("description", description, LONGEST_DESCRIPTION);
        limit("trigger words", triggerWords, LONGEST_WORDS);
    }

    private static void limit(String what, String text, int most) {
        if (text.length() > most) {
            throw new ArgumentException(
                    "the %s may have %d characters, not %d".formatted(what, most, text.length()));
        }
    }

    /** Returns whether nothing was written. */
    @JsonIgnore
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Returns the file with the notes on the adapter in the folder or file {@code adapter}. */
    public static Path file(Path adapter) {
        if (Files.isDirectory(adapter)) {
            return adapter.resolve(FILE);
        }
        String name = String.valueOf(adapter.getFileName());
        if (name.equals(WITHIN)) {
            return adapter.resolveSibling(FILE);
        }
        String bare =
                name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return adapter.resolveSibling(bare + "." + FILE);
    }

    /** Returns when the notes on {@code adapter} were written, in milliseconds; 0 for none. */
    public static long modified(Path adapter) {
        try {
            return Files.getLastModifiedTime(file(adapter)).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Reads the notes on {@code adapter}; a file that holds none is as good as no file. */
    public static AdapterNotes read(Path adapter) {
        Path file = file(adapter);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return NONE;
            }
            JsonNode json = Json.PLAIN.readTree(Files.readString(file, StandardCharsets.UTF_8));
            return new AdapterNotes(
                    json.path("description").asText(), json.path("trigger_words").asText());
        } catch (IOException | ArgumentException e) {
            return NONE; // somebody else's file of this name
        }
    }

    /**
     * Writes the notes on {@code adapter}; empty ones remove the file.
     *
     * @throws UserException if that cannot be done
     */
    public void write(Path adapter) {
        Path file = file(adapter);
        try {
            if (isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            byte[] json = (Json.pretty(Json.PLAIN, this) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(file, out -> out.write(json));
        } catch (IOException e) {
            throw new UserException("cannot write %s: %s".formatted(file, AtomicFile.reason(e)), e);
        }
    }
}
