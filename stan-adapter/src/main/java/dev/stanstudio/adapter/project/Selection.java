package dev.stanstudio.adapter.project;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Lists the scores by which features a = E x stay; of equal ones the lower index stays. The STAN
 * paper selects by value in eq. 3 and by magnitude in appendix A; sparse autoencoders mostly
 * rectify first.
 */
public enum Selection {
    /** The k largest a. */
    VALUE("value", 0),
    /** The k largest |a|. */
    MAGNITUDE("magnitude", 1),
    /** The k largest max(a, 0); negative features never pass. */
    RELU("relu", 2);

    private final String label;
    private final int code;

    Selection(String label, int code) {
        this.label = label;
        this.code = code;
    }

    /** Returns the number by which programs know it. */
    public int code() {
        return code;
    }

    /** Returns the name in files and on the command line. */
    public String label() {
        return label;
    }

    /**
     * Returns the selection called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    public static Selection of(String label) {
        return Arrays.stream(values())
                .filter(selection -> selection.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no selection is called '%s'; use %s"
                                                .formatted(
                                                        label,
                                                        Arrays.stream(values())
                                                                .map(Selection::label)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }
}
