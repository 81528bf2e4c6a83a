package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node of ComfyUI's graph.
 *
 * @param id its name in the graph
 * @param type the class of the node
 * @param inputs by name, values or links to other nodes
 */
record ComfyNode(String id, String type, Map<String, JsonNode> inputs) {
    /** An output of another node. */
    record Link(String id, int slot) {
        /** Returns the link that {@code value} is, or null: {@code ["4", 0]}. */
        static @Nullable Link of(@Nullable JsonNode value) {
            return value != null
                            && value.isArray()
                            && value.size() == 2
                            && (value.path(0).isTextual() || isInt(value.path(0)))
                            && isInt(value.path(1))
                    ? new Link(value.path(0).asText(), value.path(1).asInt())
                    : null;
        }

        private static boolean isInt(JsonNode value) {
            return value.isIntegralNumber() && value.canConvertToInt();
        }
    }

    ComfyNode {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** Returns the first of these inputs that is linked, or null. */
    @Nullable String linked(String... names) {
        for (String name : names) {
            if (Link.of(inputs.get(name)) != null) {
                return name;
            }
        }
        return null;
    }

    /** Returns the first of these inputs that it has, or null. */
    @Nullable String having(String... names) {
        for (String name : names) {
            JsonNode value = inputs.get(name);
            if (value != null && !value.isNull()) {
                return name;
            }
        }
        return null;
    }

    /** The names of the inputs that are linked. */
    Stream<String> links() {
        return inputs.keySet().stream().filter(name -> Link.of(inputs.get(name)) != null);
    }

    /** The value of an input that is no link. */
    Optional<String> literal(String name) {
        JsonNode value = inputs.get(name);
        return value != null && value.isValueNode() && !value.isNull()
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    /** {@code KSampler (3)}. */
    String shown() {
        return PromptSyntax.shown(type) + " (" + PromptSyntax.shown(id) + ")";
    }
}
