package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of one tokenizer, read with errors that name the file. */
record TokenizerFolder(Path path) {
    /** A vocabulary's words are names of fields. */
    static final JsonMapper JSON = Json.MANY_NAMES;

    TokenizerFolder {
        if (!Files.isDirectory(path)) {
            throw new UserException(
                    path + ": no such folder; give the folder that holds the tokenizer's files");
        }
    }

    boolean has(String name) {
        return Files.isRegularFile(path.resolve(name));
    }

    /** A failure in the file {@code name}; {@code problem} says what is wrong and what to do. */
    UserException error(String name, String problem) {
        return new UserException(path.resolve(name) + ": " + problem);
    }

    Optional<ObjectNode> optionalJson(String name) {
        return has(name) ? Optional.of(json(name)) : Optional.empty();
    }

    ObjectNode json(String name) {
        JsonNode node;
        try {
            node = JSON.readTree(path.resolve(name).toFile());
        } catch (JsonProcessingException e) {
            throw new UserException(
                    path.resolve(name) + ": not valid JSON" + place(e) + "; fetch the file again",
                    e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw error(name, "holds no JSON object; fetch the file again");
    }

    /** Nesting beyond the parser's limit is found without a place. */
    private static String place(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null
                ? ""
                : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    List<String> lines(String name) {
        try {
            return Files.readAllLines(path.resolve(name));
        } catch (CharacterCodingException e) {
            throw new UserException(
                    path.resolve(name) + ": not UTF-8 text; fetch the file again", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private UserException unreadable(String name, IOException e) {
        return new UserException(
                path.resolve(name)
                        + ": cannot be read ("
                        + AtomicFile.reason(e)
                        + "); check the file",
                e);
    }
}
