package dev.stanstudio.web.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import io.javalin.http.Context;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The body of a request of a program: one JSON object whose fields are those of a page's form, so
 * that both are checked by the same code.
 *
 * @param fields texts, numbers, truth values, and lists of texts, by name
 */
public record JsonBody(JsonNode fields) {
    private static final String SEE = "; /openapi.json says what there is";

    /**
     * Reads a body without lists.
     *
     * @param known names of the fields that may be there
     * @throws ArgumentException that names what is wrong with it
     */
    public static JsonBody of(Context ctx, Collection<String> known) {
        return of(ctx, known, Set.of());
    }

    /**
     * Reads the body.
     *
     * @param known names of the fields that may be there
     * @param lists names of those that are lists of texts; all others are one text or number
     * @throws ArgumentException that names what is wrong with it
     */
    public static JsonBody of(Context ctx, Collection<String> known, Set<String> lists) {
        JsonNode fields;
        try {
            fields = Json.STRICT.readTree(ctx.body());
        } catch (JsonProcessingException e) {
            throw new ArgumentException("the body is no JSON: " + Json.problem(e), e);
        }
        if (!fields.isObject()) {
            throw new ArgumentException("the body must be one JSON object" + SEE);
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!known.contains(field.getKey())) {
                throw new ArgumentException("there is no field '" + field.getKey() + "'" + SEE);
            }
            check(field.getKey(), field.getValue(), lists.contains(field.getKey()));
        }
        return new JsonBody(fields);
    }

    private static void check(String name, JsonNode value, boolean list) {
        boolean right = value.isArray() == list;
        Iterable<JsonNode> parts = right && list ? value : List.of(value);
        for (JsonNode part : parts) {
            if (!right || !part.isValueNode() || part.isNull() || (list && !part.isTextual())) {
                throw new ArgumentException(
                        "%s must be a %s%s"
                                .formatted(name, list ? "list of texts" : "text or a number", SEE));
            }
            if (part.isNumber() && !Double.isFinite(part.doubleValue())) {
                throw new ArgumentException(name + " is a number too large to be read");
            }
            checkText(name, part.asText());
        }
    }

    /**
     * Refuses what neither databases nor file systems take.
     *
     * @param name of the field that holds {@code text}
     * @throws ArgumentException for a NUL character, or half of a character
     */
    public static void checkText(String name, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new ArgumentException(name + " holds a NUL character");
        }
        if (text.codePoints().anyMatch(JsonBody::isHalf)) {
            throw new ArgumentException(
                    name + " holds half of a character (a surrogate without its partner)");
        }
    }

    /**
     * Refuses empty texts for numbers: what is left out has a default, which nobody asked for here.
     *
     * @param numbers names of the fields that hold a number
     * @throws ArgumentException that names the field
     */
    public JsonBody numbers(Collection<String> numbers) {
        for (String name : numbers) {
            if (fields.path(name).isTextual() && fields.path(name).asText().isBlank()) {
                throw new ArgumentException(
                        name + " is an empty text; give a number, or leave it out");
            }
        }
        return this;
    }

    private static boolean isHalf(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    /** Returns the fields as a form holds them; lists are left out. */
    public FormValues form() {
        Map<String, String> given = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (field.getValue().isValueNode()) {
                given.put(field.getKey(), field.getValue().asText().strip());
            }
        }
        return new FormValues(given);
    }

    /** Returns the texts of a list, in its order; none where it was left out. */
    public List<String> texts(String name) {
        return StreamSupport.stream(fields.path(name).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Returns whether a field was given. */
    public boolean has(String name) {
        return fields.has(name);
    }
}
