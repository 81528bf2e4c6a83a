package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a grid's file. A value of another type is refused: read as nothing, a list
 * where a text belongs would draw other pictures than those that were asked for.
 *
 * @param file named in messages
 * @param node holds the keys
 */
record GridFields(Path file, JsonNode node) {
    UserException wrong(String what) {
        return new UserException(file + ": " + what);
    }

    /** Refuses keys that are none of {@code known}. */
    GridFields only(Set<String> known, String owner) {
        node.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!known.contains(key)) {
                                throw wrong(
                                        "'%s' is no key of a %s; there are %s"
                                                .formatted(
                                                        key,
                                                        owner,
                                                        String.join(
                                                                ", ",
                                                                known.stream().sorted().toList())));
                            }
                        });
        return this;
    }

    boolean has(String key) {
        return node.has(key);
    }

    /** The text of a key; null where it is not there or says nothing. */
    @Nullable String text(String key) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? null : text(key, value);
    }

    String text(String key, JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            throw wrong("%s must be a text, not %s".formatted(key, value));
        }
        return value.asText();
    }

    /** The whole number of a key; null where it is not there. */
    @Nullable Integer whole(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isInt()) {
            throw wrong("%s must be a whole number, not %s".formatted(key, value));
        }
        return value.intValue();
    }

    /** The number of a key; null where it is not there. */
    @Nullable Double number(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrong("%s must be a number, not %s".formatted(key, value));
        }
        return value.doubleValue();
    }

    /** The items of a key that holds a list; none where it is not there. */
    List<JsonNode> items(String key) {
        JsonNode value = node.path(key);
        if (!value.isMissingNode() && !value.isArray()) {
            throw wrong("%s must be a list such as [%s], not %s".formatted(key, key, value));
        }
        List<JsonNode> items = new ArrayList<>();
        value.forEach(items::add);
        return items;
    }

    /** The texts of a key that holds a list of them; none where it is not there. */
    List<String> texts(String key) {
        return items(key).stream().map(item -> text(key, item)).toList();
    }
}
