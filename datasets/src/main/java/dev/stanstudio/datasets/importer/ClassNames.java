package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.datasets.sample.Titles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names behind the numbers of class-label columns, from the features that Hugging Face writes
 * into a parquet file's metadata.
 */
final class ClassNames {
    private final Map<String, List<String>> names = new HashMap<>();
    private final Set<String> images = new HashSet<>();

    private ClassNames() {}

    /**
     * @param features what Hugging Face writes under its key; may be null
     */
    static ClassNames of(@Nullable String features) throws JsonProcessingException {
        ClassNames result = new ClassNames();
        if (features != null) {
            result.parse(features);
        }
        return result;
    }

    private void parse(String json) throws JsonProcessingException {
        JsonNode features = Json.PLAIN.readTree(json).path("info").path("features");
        features.properties().forEach(feature -> add(feature.getKey(), feature.getValue()));
    }

    private void add(String column, JsonNode feature) {
        // Lists are written in one of three ways, by version.
        JsonNode one = feature.isArray() ? feature.path(0) : feature;
        one = one.has("feature") ? one.path("feature") : one;
        List<String> classes = new ArrayList<>();
        one.path("names").forEach(name -> classes.add(name.asText()));
        if (!classes.isEmpty()) {
            names.put(column, classes);
        }
        if (feature.path("_type").asText().equals("Image")) {
            images.add(column);
        }
    }

    /** Returns whether the features call {@code column} a picture. */
    boolean isImage(String column) {
        return images.contains(column);
    }

    boolean has(String column) {
        return names.containsKey(column);
    }

    /** The numbers of {@code column} mean these names. */
    void put(String column, List<String> columnNames) {
        names.put(column, columnNames);
    }

    /** The name of a class; null where it has none or says that it is not known. */
    @Nullable String name(String column, long number) {
        List<String> all = names.getOrDefault(column, List.of());
        if (number < 0 || number >= all.size()) {
            return null;
        }
        String words = Titles.words(all.get((int) number));
        return words.startsWith("Unknown ") ? null : words;
    }
}
