package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Lists the units that count as one sample in the statistics; the paper's appendix F leaves it
 * open.
 */
public enum SampleUnit {
    /** Every token at every noise level. */
    TOKEN("token"),
    /** A picture: the mean over its tokens and noise levels. */
    IMAGE("image"),
    /** A picture at one noise level: the mean over its tokens. */
    TIMESTEP("timestep");

    private final String label;

    SampleUnit(String label) {
        this.label = label;
    }

    /** The name in files and on the command line. */
    public String label() {
        return label;
    }

    /**
     * The unit called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    public static SampleUnit of(String label) {
        return Arrays.stream(values())
                .filter(unit -> unit.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no unit is called '%s'; use %s"
                                                .formatted(
                                                        label,
                                                        Arrays.stream(values())
                                                                .map(SampleUnit::label)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }
}
