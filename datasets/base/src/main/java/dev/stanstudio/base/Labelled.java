package dev.stanstudio.base;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Names a constant of an enum as users write it, and finds constants by such names. */
public interface Labelled {
    /** Returns the name used on the command line, in files and on pages. */
    String label();

    /** Returns the one of {@code values} that is called {@code label}, if there is one. */
    static <E extends Labelled> Optional<E> find(E[] values, String label) {
        return Arrays.stream(values).filter(value -> value.label().equals(label)).findFirst();
    }

    /**
     * Returns the one of {@code values} that is called {@code label}.
     *
     * @param noun the kind of thing in the refusal, such as {@code sampler}
     * @throws ArgumentException if there is none; the message lists the labels
     */
    static <E extends Labelled> E of(E[] values, String noun, String label) {
        return find(values, label)
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no %s is called '%s'; use %s"
                                                .formatted(noun, label, choices(values))));
    }

    /** Returns the labels of {@code values} in their order. */
    static List<String> labels(Labelled[] values) {
        return Arrays.stream(values).map(Labelled::label).toList();
    }

    /** Returns the labels of {@code values} in a sentence: {@code a, b or c}. */
    static String choices(Labelled[] values) {
        List<String> labels = labels(values);
        int last = labels.size() - 1;
        return last < 1
                ? String.join("", labels)
                : String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
    }
}
