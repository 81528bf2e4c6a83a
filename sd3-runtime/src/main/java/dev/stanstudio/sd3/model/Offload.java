package dev.stanstudio.sd3.model;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What leaves the device's memory while it is not used. */
public enum Offload {
    /** Everything stays. */
    NONE("none"),
    /** The text encoders leave after a prompt is encoded. */
    ENCODERS("encoders"),
    /** Also, transformer and encoder layers are brought in one ahead and dropped after use. */
    BLOCKS("blocks");

    private final String label;

    Offload(String label) {
        this.label = label;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /**
     * The choice called {@code label}.
     *
     * @throws ArgumentException that lists the choices
     */
    public static Offload of(String label) {
        return Arrays.stream(values())
                .filter(o -> o.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "unknown offload '"
                                                + label
                                                + "'; use "
                                                + Arrays.stream(values())
                                                        .map(Offload::label)
                                                        .collect(Collectors.joining(", "))));
    }
}
