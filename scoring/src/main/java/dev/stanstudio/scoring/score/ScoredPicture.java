package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stanstudio.scoring.manifest.ListedPicture;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A picture's numbers: a line of {@code pictures.jsonl}.
 *
 * @param listed what was known of it
 * @param hash SHA-256 of its file
 * @param scores number by metric; a metric that does not apply is not there
 * @param predicted the style that the nearest references vote for
 * @param nearest the reference or training picture that it is most like
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoredPicture(
        @JsonUnwrapped @JsonIgnoreProperties("sha256") ListedPicture listed,
        @JsonProperty("sha256") String hash,
        Map<String, Double> scores,
        @Nullable String predicted,
        @Nullable String nearest) {
    /** Keeps a copy of the numbers, in their order. */
    public ScoredPicture {
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }
}
