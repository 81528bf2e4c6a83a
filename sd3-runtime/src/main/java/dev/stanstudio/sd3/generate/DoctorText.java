package dev.stanstudio.sd3.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;

/** Prints the doctor's report for people: indented lines, lists on one line. */
final class DoctorText {
    private static final int COLUMN = 34;

    private final PrintWriter out;

    DoctorText(PrintWriter out) {
        this.out = out;
    }

    void print(JsonNode report) {
        print(report, "");
    }

    private void print(JsonNode node, String indent) {
        int column = column(node, indent);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey().replace('_', ' ');
            JsonNode value = field.getValue();
            if (value.isObject()) {
                out.println(indent + name + (value.isEmpty() ? ": none" : ":"));
                print(value, indent + "  ");
            } else if (value instanceof POJONode list
                    && list.getPojo() instanceof Collection<?> c) {
                printList(indent, name, c);
            } else {
                out.println(pad(indent + name, column) + value.asText());
            }
        }
    }

    private void printList(String indent, String name, Collection<?> values) {
        boolean sentences = values.stream().anyMatch(v -> v.toString().contains(". "));
        if (values.isEmpty()) {
            out.println(pad(indent + name, COLUMN) + "none");
        } else if (sentences || name.equals("advice")) {
            out.println(indent + name + ":");
            values.forEach(value -> out.println(indent + "  - " + value));
        } else {
            out.println(
                    pad(indent + name, COLUMN)
                            + String.join(", ", values.stream().map(Object::toString).toList()));
        }
    }

    /** Returns the column of the values beside {@code node}'s names. */
    private static int column(JsonNode node, String indent) {
        return node.properties().stream()
                .filter(field -> field.getValue().isTextual())
                .mapToInt(field -> indent.length() + field.getKey().length() + 2)
                .reduce(COLUMN, Math::max);
    }

    private static String pad(String name, int column) {
        return name + " ".repeat(Math.max(1, column - name.length()));
    }
}
