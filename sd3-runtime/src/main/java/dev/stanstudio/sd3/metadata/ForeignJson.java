package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads JSON of other programs; numbers keep their digits, and Python writes NaN. */
final class ForeignJson {
    private static final JsonMapper MAPPER =
            Json.WHOLE
                    .rebuild()
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private static final Pattern BEFORE = Pattern.compile("^[\\s\\uFEFF]+");

    private ForeignJson() {}

    /** {@code text} without blanks and byte order marks before it. */
    static String bare(String text) {
        return BEFORE.matcher(text).replaceFirst("");
    }

    /**
     * Reads a text that begins as JSON.
     *
     * @param named the text's name in a message
     * @throws UserException if it is damaged
     */
    static JsonNode read(String text, String named) {
        try {
            return MAPPER.readTree(bare(text));
        } catch (JsonProcessingException e) {
            throw new UserException(named + " are damaged JSON and cannot be read", e);
        }
    }

    /** The object in a text that holds {@code mark}, or nothing where it is another text. */
    static Optional<JsonNode> object(String text, String mark, String named) {
        return bare(text).startsWith("{") && text.contains(mark)
                ? Optional.of(read(text, named)).filter(JsonNode::isObject)
                : Optional.empty();
    }
}
