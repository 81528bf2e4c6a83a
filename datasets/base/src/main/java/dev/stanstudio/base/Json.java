package dev.stanstudio.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Holds the program's JSON mappers, which nobody changes: who needs another one derives it with
 * {@link JsonMapper#rebuild()}. Thread-safe.
 */
public final class Json {
    /** Reads and writes as Jackson does by default; objects keep the order of their fields. */
    public static final JsonMapper PLAIN = JsonMapper.builder().build();

    /** Names the fields of records in snake case. */
    public static final JsonMapper SNAKE_CASE =
            PLAIN.rebuild().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

    /** Refuses whatever follows the first value. */
    public static final JsonMapper WHOLE =
            PLAIN.rebuild().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** Refuses whatever follows the first value, and a key that stands twice in an object. */
    public static final JsonMapper STRICT =
            WHOLE.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** Leaves out fields that a record does not have. */
    public static final JsonMapper LENIENT =
            PLAIN.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /**
     * Leaves out fields that a record does not have, and refuses 1.5 for a whole number, which the
     * others cut to 1.
     */
    public static final JsonMapper LENIENT_EXACT =
            LENIENT.rebuild().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).build();

    /** Keeps no names of fields, for vocabularies with tens of thousands that never come again. */
    public static final JsonMapper MANY_NAMES =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                                    .build())
                    .build();

    private Json() {}

    /** Returns what is wrong with a text that is no JSON, without the parser's own terms. */
    public static String reason(JsonProcessingException e) {
        String text = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        if (text.startsWith("Trailing token")) {
            return "something follows its value";
        }
        return text.replaceAll(": maybe a \\(non-standard\\) comment.*", "")
                .replaceAll(" \\(start marker at .*", "")
                .replaceAll(", from `[^`]*`", "");
    }

    /**
     * Returns a record or tree as indented JSON, as {@code mapper} writes it.
     *
     * @throws IllegalStateException if JSON cannot hold it
     */
    public static String pretty(JsonMapper mapper, Object value) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        }
    }
}
