package dev.stanstudio.web.study.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.InnerPath;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.ControlCharacters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a list of JSON lines with {@code file}, {@code method}, {@code prompt} and, if there are
 * any, {@code style} and {@code seed}. What it names must lie in the list's folder: a list comes
 * with pictures, perhaps from elsewhere, and voters see what it names.
 */
final class ManifestLines {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_TEXT = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<Path, Integer> lineOf = new HashMap<>();

    private ManifestLines(Path folder) {
        this.folder = folder;
    }

    /**
     * The pictures that {@code list} names.
     *
     * @throws UserException that names the line of anything wrong
     */
    static List<StudyPictures.Entry> read(Path list) {
        ManifestLines lines =
                new ManifestLines(
                        Objects.requireNonNullElse(list.toAbsolutePath().getParent(), list));
        List<StudyPictures.Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text(list).split("\\R", -1)) {
            number++;
            if (!line.isBlank()) {
                try {
                    entries.add(lines.entry(JSON.readTree(line), number));
                } catch (JsonProcessingException e) {
                    throw new UserException(
                            "line %d of %s is no JSON; mend it".formatted(number, list), e);
                } catch (IllegalArgumentException | UserException e) {
                    throw new UserException(
                            "line %d of %s: %s".formatted(number, list, e.getMessage()), e);
                }
            }
        }
        return entries;
    }

    /** The text of a regular file of bearable size: the kernel's files say that they are empty. */
    private static String text(Path list) {
        try {
            long size = Files.isRegularFile(list) ? Files.size(list) : 0;
            if (size == 0 || size > MAX_BYTES) {
                throw new UserException(
                        "%s is no list: it %s"
                                .formatted(
                                        list,
                                        size == 0
                                                ? "is empty or no regular file"
                                                : "has %d bytes, more than %d"
                                                        .formatted(size, MAX_BYTES)));
            }
            try (InputStream in = Files.newInputStream(list)) {
                byte[] bytes = in.readNBytes((int) size);
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        } catch (CharacterCodingException e) {
            throw new UserException(list + " is no UTF-8 text", e);
        } catch (IOException e) {
            throw new UserException("cannot read " + list, e);
        }
    }

    private StudyPictures.Entry entry(JsonNode line, int number) {
        String named = required(line, "file", "file_name", "image", "picture");
        Path file = InnerPath.of(folder, named, "file");
        InnerPath.refuseLinkOut(folder, file);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no picture \"" + named + "\"");
        }
        Integer before = lineOf.putIfAbsent(file, number);
        if (before != null) {
            throw new IllegalArgumentException(
                    "\"%s\" is the picture of line %d already".formatted(named, before));
        }
        String style = text(line, "style");
        InnerPath.of(folder, style.replace(' ', '-'), "style");
        return new StudyPictures.Entry(
                required(line, "method", "adapter", "column"),
                required(line, "prompt", "text"),
                style,
                text(line, "seed"),
                file);
    }

    private static String required(JsonNode line, String... names) {
        for (String name : names) {
            String value = text(line, name);
            if (!value.isEmpty()) {
                return value;
            }
        }
        throw new IllegalArgumentException("it lacks \"" + names[0] + "\"; add it");
    }

    private static String text(JsonNode line, String name) {
        JsonNode value = line.path(name);
        String text = value.isValueNode() && !value.isNull() ? value.asText() : "";
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "\"%s\" has %d characters; at most %d fit"
                            .formatted(name, text.length(), MAX_TEXT));
        }
        ControlCharacters.refuse("\"" + name + "\"", text);
        return text;
    }
}
