package dev.stanstudio.base.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stanstudio.base.Json;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads JSON that other programs wrote about pictures. Python writes {@code NaN} and {@code
 * Infinity} for numbers that are none, as img2dataset does for a score that is missing.
 */
public final class LabelJson {
    private static final JsonMapper MAPPER =
            Json.PLAIN.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final JsonMapper WHOLE =
            MAPPER.rebuild().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private LabelJson() {}

    /**
     * The value that {@code text} holds, and nothing behind it; that of an empty text is missing.
     */
    public static JsonNode read(String text) throws JsonProcessingException {
        return WHOLE.readTree(text);
    }

    /** A parser that reads piece by piece; its owner closes it. */
    public static JsonParser parser(Reader in) throws IOException {
        return MAPPER.createParser(in);
    }

    /** The value at which {@code parser} stands; afterwards it stands at the value's end. */
    public static JsonNode next(JsonParser parser) throws IOException {
        JsonNode node = MAPPER.readTree(parser);
        return node == null ? MissingNode.getInstance() : node;
    }
}
