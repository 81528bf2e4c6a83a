package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the lines of pictures that filters took out of a collection in {@code filtered.jsonl},
 * beside its list. A picture is never in neither: the one file is written before it leaves the
 * other, and one that is in both counts as listed.
 */
final class FilteredList {
    /** The file. */
    static final String FILE = "filtered.jsonl";

    private static final String NAME = "file_name";
    private static final String REASON = "filtered";

    private final Path list;
    private final Path aside;

    FilteredList(StyleCollection collection) {
        Path folder = collection.folder();
        if (Files.exists(folder.resolve(StyleCollection.JOURNAL))) {
            throw new UserException(
                    folder + " holds an unfinished import; run the same command again first");
        }
        list = folder.resolve(StyleCollection.METADATA);
        aside = folder.resolve(FILE);
    }

    /** Takes pictures out of the list. */
    void take(List<Filtered> filtered) {
        Map<String, String> reasons = new LinkedHashMap<>();
        filtered.forEach(one -> reasons.put(one.name(), one.rule().label() + ": " + one.reason()));
        List<JsonNode> kept = new ArrayList<>();
        Map<String, JsonNode> out = lines(aside);
        lines(list)
                .forEach(
                        (name, line) -> {
                            String reason = reasons.get(name);
                            if (reason == null) {
                                kept.add(line);
                                out.remove(name);
                            } else {
                                ObjectNode told = line.deepCopy();
                                out.put(name, told.put(REASON, reason));
                            }
                        });
        write(aside, List.copyOf(out.values()));
        write(list, kept);
    }

    /** Puts every picture back behind those that are listed; returns how many. */
    int restore() {
        Map<String, JsonNode> listed = lines(list);
        int before = listed.size();
        lines(aside)
                .forEach(
                        (name, line) -> {
                            ObjectNode plain = line.deepCopy();
                            plain.remove(REASON);
                            listed.putIfAbsent(name, plain);
                        });
        write(list, List.copyOf(listed.values()));
        try {
            Files.deleteIfExists(aside);
        } catch (IOException e) {
            throw new UserException(
                    "cannot delete %s: %s".formatted(aside, AtomicFile.reason(e)), e);
        }
        return listed.size() - before;
    }

    private static Map<String, JsonNode> lines(Path file) {
        Map<String, JsonNode> lines = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return lines;
        }
        try {
            MetadataLines.read(file, line -> lines.put(line.path(NAME).asText(), line));
        } catch (IOException e) {
            throw new UserException("cannot read %s: %s".formatted(file, AtomicFile.reason(e)), e);
        }
        return lines;
    }

    private static void write(Path file, List<JsonNode> lines) {
        AtomicFile.write(
                file,
                out -> {
                    for (JsonNode line : lines) {
                        out.write(MetadataLines.line(line));
                    }
                });
    }
}
