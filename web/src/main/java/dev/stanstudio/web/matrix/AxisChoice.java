package dev.stanstudio.web.matrix;

import java.util.List;

/**
 * Picks a value of an axis.
 *
 * @param first whether it is the axis' first, which stands for all where a method does not differ
 */
public record AxisChoice(AxisKind kind, String value, boolean first) {
    /** Returns the setting and its value, as headings have them. */
    public String words() {
        return kind.label() + " " + value;
    }

    /** Returns the same as a part of a file's name, where the parts of a value stay apart. */
    String fileWords() {
        return kind.hasParts()
                ? words().replace(':', '_').replace(",", "--").replace("*", "others")
                : words();
    }

    /** Returns whether {@code method} has a picture at these choices. */
    public static boolean applies(List<AxisChoice> choices, Method method) {
        return choices.stream().allMatch(choice -> choice.first || choice.kind.varies(method));
    }

    /** Returns the choices that change pictures of {@code method}. */
    public static List<AxisChoice> varying(List<AxisChoice> choices, Method method) {
        return choices.stream().filter(choice -> choice.kind.varies(method)).toList();
    }
}
