package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.collection.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Labels from an object whose keys people name differently: a metadata line or a sample's JSON. */
final class RowLabels {
    private static final List<String> STYLE = List.of("styles", "style", "label");
    private static final List<String> CAPTION = List.of("text", "caption", "prompt", "description");
    private static final List<String> LICENCE = List.of("licence", "license");

    private RowLabels() {}

    /** What {@code row} says. */
    static Labels of(JsonNode row) {
        return new Labels(
                styles(row),
                first(row, List.of("content")),
                first(row, CAPTION),
                first(row, List.of("artist")),
                first(row, List.of("genre")),
                first(row, LICENCE),
                split(row));
    }

    private static List<String> styles(JsonNode row) {
        for (String key : STYLE) {
            JsonNode value = row.path(key);
            List<String> names = new ArrayList<>();
            if (value.isTextual()) {
                names.add(value.asText());
            }
            value.forEach(name -> names.add(name.asText()));
            if (names.stream().anyMatch(name -> !name.isBlank())) {
                return names;
            }
        }
        return List.of();
    }

    private static @Nullable String first(JsonNode row, List<String> keys) {
        for (String key : keys) {
            JsonNode value = row.path(key);
            if (value.isTextual() && !value.asText().isBlank()) {
                return value.asText();
            }
        }
        return null;
    }

    private static @Nullable String split(JsonNode row) {
        String split = first(row, List.of("split"));
        String known = split == null ? null : Layouts.split(split);
        return known == null ? split : known;
    }
}
