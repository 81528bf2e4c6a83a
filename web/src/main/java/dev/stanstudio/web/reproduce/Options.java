package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns keys and values into options of a command: {@code lr: 1e-3} is {@code --lr 1e-3}. */
final class Options {
    private final Map<String, JsonNode> values = new LinkedHashMap<>();

    /** Adds options; the later value of a key counts. */
    Options with(@Nullable Map<String, JsonNode> more) {
        if (more != null) {
            values.putAll(more);
        }
        return this;
    }

    /** Returns the fields of a node as options, but for {@code other}. */
    static Options of(ObjectNode node, Set<String> other) {
        Options options = new Options();
        node.properties()
                .forEach(
                        field -> {
                            if (!other.contains(field.getKey())) {
                                options.values.put(field.getKey(), field.getValue());
                            }
                        });
        return options;
    }

    /** Refuses keys that the experiment sets itself. */
    Options without(String where, List<String> reserved) {
        for (String key : reserved) {
            if (values.containsKey(key)) {
                throw new ArgumentException(
                        "%s.%s is set by the experiment itself; leave it out"
                                .formatted(where, key));
            }
        }
        return this;
    }

    /** Returns the whole number that a key has, and 0 where it is not given or is none. */
    long number(String key) {
        JsonNode value = values.get(key);
        return value == null ? 0 : value.asLong();
    }

    /** Returns arguments: true is an option without a value, false none, a list has commas. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        values.forEach(
                (key, value) -> {
                    if (value.isBoolean()) {
                        if (value.booleanValue()) {
                            arguments.add("--" + key);
                        }
                    } else {
                        arguments.add("--" + key);
                        arguments.add(text(key, value));
                    }
                });
        return arguments;
    }

    private static String text(String key, JsonNode value) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(text(key, item)));
            return String.join(",", items);
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new ArgumentException(key + " needs a value, not " + value);
        }
        return value.asText();
    }
}
