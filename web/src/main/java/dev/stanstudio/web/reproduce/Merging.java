package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the adapters of other methods become one method.
 *
 * @param of their methods, each trained
 * @param weight of each adapter; null is 1
 * @param together true draws with all of them at once, each as it was trained, and merges no files
 * @param options of {@code studio adapter merge}, where they are merged, by name
 */
record Merging(
        List<String> of, @Nullable Double weight, boolean together, Map<String, JsonNode> options) {
    /** Reads it; any further key is an option. */
    @JsonCreator
    Merging(
            @JsonProperty("of") List<String> of,
            @JsonProperty("weight") @Nullable Double weight,
            @JsonProperty("together") boolean together,
            @JsonAnySetter Map<String, JsonNode> options) {
        if (of == null || of.isEmpty()) {
            throw new ArgumentException("merge.of is missing: name the methods that are merged");
        }
        if (together && options != null && !options.isEmpty()) {
            throw new ArgumentException(
                    "merge.together merges no files, so it takes no %s"
                            .formatted(options.keySet()));
        }
        this.of = List.copyOf(of);
        this.weight = weight;
        this.together = together;
        this.options = options == null ? Map.of() : new TreeMap<>(options);
    }
}
