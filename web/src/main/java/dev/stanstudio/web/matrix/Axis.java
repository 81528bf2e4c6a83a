package dev.stanstudio.web.matrix;

import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Varies one setting of a matrix, all else alike.
 *
 * @param kind setting
 * @param values at least one, each once, in their one way of writing
 */
public record Axis(AxisKind kind, List<String> values) {
    /** Most axes of a matrix, beside prompts, styles, methods and seeds. */
    public static final int MOST = 3;

    /** Most values of an axis. */
    static final int MOST_VALUES = 100;

    /** Refuses values that cannot work. */
    public Axis {
        values = List.copyOf(new LinkedHashSet<>(values));
        if (values.isEmpty()) {
            throw new ArgumentException(
                    "give the axis %s at least one value".formatted(kind.label()));
        }
        if (values.size() > MOST_VALUES) {
            throw tooMany(kind.label());
        }
        values.forEach(kind::check);
    }

    /**
     * Reads values as people type them: {@code 1, 3-7/2}.
     *
     * @throws ArgumentException that names what is no value
     */
    public static Axis parse(AxisKind kind, String text) {
        return new Axis(kind, kind.read(text));
    }

    static ArgumentException tooMany(String kind) {
        return new ArgumentException(
                "the axis %s has more than %d values".formatted(kind, MOST_VALUES));
    }

    /**
     * Refuses axes that cannot stand beside each other, or change nothing.
     *
     * @param methods of the same matrix
     * @param image whether there is a picture to start from
     * @param control whether there is a control network
     * @throws ArgumentException that says what to change
     */
    public static void check(
            List<Axis> axes, List<Method> methods, boolean image, boolean control) {
        if (axes.size() > MOST) {
            throw new ArgumentException(
                    "a matrix has at most %d axes, not %d".formatted(MOST, axes.size()));
        }
        Set<AxisKind> seen = EnumSet.noneOf(AxisKind.class);
        for (Axis axis : axes) {
            String label = axis.kind.label();
            if (!seen.add(axis.kind)) {
                throw new ArgumentException("the axis %s is given twice".formatted(label));
            }
            if (methods.stream().noneMatch(axis.kind::varies)) {
                throw new ArgumentException(
                        "the axis %s needs %s among the methods"
                                .formatted(label, axis.kind.needs()));
            }
            if (axis.kind == AxisKind.CHECKPOINT) {
                methods.stream()
                        .filter(axis.kind::varies)
                        .forEach(method -> axis.values.forEach(method::at));
            }
            if (axis.kind == AxisKind.STRENGTH && !image) {
                throw new ArgumentException("the axis strength needs a picture to start from");
            }
            if (axis.kind == AxisKind.CONTROL && !control) {
                throw new ArgumentException("the axis control needs a control picture");
            }
        }
    }

    /** Returns every combination of one value of each axis; the last axis changes fastest. */
    public static List<List<AxisChoice>> product(List<Axis> axes) {
        List<List<AxisChoice>> all = List.of(List.of());
        for (Axis axis : axes) {
            List<List<AxisChoice>> next = new ArrayList<>();
            for (List<AxisChoice> before : all) {
                for (String value : axis.values) {
                    List<AxisChoice> longer = new ArrayList<>(before);
                    longer.add(new AxisChoice(axis.kind, value, value.equals(axis.values.get(0))));
                    next.add(List.copyOf(longer));
                }
            }
            all = next;
        }
        return all;
    }

    /** Returns the number of pictures that {@code method} has along {@code axes}. */
    static long count(List<Axis> axes, Method method) {
        long count = 1;
        for (Axis axis : axes) {
            count *= axis.kind.varies(method) ? axis.values.size() : 1;
        }
        return count;
    }

    /** Returns the axis of a kind among others. */
    public static Optional<Axis> find(List<Axis> axes, AxisKind kind) {
        return axes.stream().filter(axis -> axis.kind == kind).findFirst();
    }

    /** Returns the values as {@link #parse} reads them. */
    public String text() {
        return String.join(kind.separator() + " ", values);
    }
}
