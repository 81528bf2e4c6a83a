package dev.stanstudio.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

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

    /** Texts that Jackson adds about itself: its settings, its limits' names and its guesses. */
    private static final Pattern ABOUT_THE_READER =
            Pattern.compile(
                    """
                    : enable `[^`]*`[^,;]*|, from `[^`]*`|: maybe a \\(non-standard\\) comment\\?.*\
                    | \\(not recognized as one since.*\\)| \\(start marker at \\[.*?\\]\\)\
                    """);

    private Json() {}

    /** Returns the reason why a text is no JSON, in one line without the settings of its reader. */
    public static String problem(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "there is no field '" + unknown.getPropertyName() + "'";
        }
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            return e.getCause() instanceof UserException refusal
                    ? String.valueOf(refusal.getMessage())
                    : path(mapping.getPath()) + " is of the wrong kind or too large";
        }
        if (e instanceof MismatchedInputException && text(e).startsWith("Trailing token")) {
            return "something follows its end";
        }
        return ABOUT_THE_READER
                .matcher(text(e))
                .replaceAll("")
                .replaceFirst("^Non-standard token '(-?\\w+)'.*", "$1 is no number of JSON");
    }

    private static String text(JsonProcessingException e) {
        return Objects.requireNonNullElse(e.getOriginalMessage(), "it cannot be read")
                .replaceAll("\\s+", " ");
    }

    /** {@code seeds[2]}. */
    private static String path(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference part : path) {
            if (part.getFieldName() != null) {
                text.append(text.isEmpty() ? "" : ".").append(part.getFieldName());
            } else {
                text.append('[').append(part.getIndex()).append(']');
            }
        }
        return text.toString();
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
