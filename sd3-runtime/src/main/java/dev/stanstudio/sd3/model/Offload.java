package dev.stanstudio.sd3.model;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;

/** Parts of a model that leave the device's memory while they are not used. */
public enum Offload implements Labelled {
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

    @Override
    public String label() {
        return label;
    }

    /**
     * Returns the choice called {@code label}.
     *
     * @throws ArgumentException that lists the choices
     */
    public static Offload of(String label) {
        return Labelled.of(values(), "offloading", label);
    }
}
