package dev.stanstudio.web.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads axes as YAML and JSON have them: values, or a text of values, by the axis' name. */
public final class AxisJson {
    private AxisJson() {}

    /**
     * Returns the axes of {@code {guidance: 1-7/2, weight: [0.2, 1]}}, in their order; none for
     * null.
     *
     * @throws ArgumentException that names the axis and what it may hold
     */
    public static List<Axis> read(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isObject()) {
            throw new ArgumentException(
                    "axes must name settings and their values, such as {guidance: 1-7/2}, not "
                            + node);
        }
        List<Axis> axes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> axis : node.properties()) {
            AxisKind kind = AxisKind.of(axis.getKey());
            axes.add(Axis.parse(kind, text(kind, axis.getValue())));
        }
        return axes;
    }

    private static String text(AxisKind kind, JsonNode node) {
        List<String> parts = new ArrayList<>();
        for (JsonNode part : node.isArray() ? node : List.of(node)) {
            if (!part.isTextual() && !finite(part)) {
                throw new ArgumentException(
                        "axes.%s must be values or ranges such as %s, not %s"
                                .formatted(kind.label(), kind.example(), node));
            }
            parts.add(part.isNumber() ? part.decimalValue().toPlainString() : part.asText());
        }
        return String.join(kind.separator(), parts);
    }

    /** Returns whether {@code part} is a number that decimals can say. */
    private static boolean finite(JsonNode part) {
        return part.isNumber() && Double.isFinite(part.doubleValue());
    }
}
