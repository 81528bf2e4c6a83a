package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;

/** Lists the weights that a training can write as its adapter. */
enum Export {
    /** Those of the best validation. */
    BEST("best"),
    /** Those of the last step. */
    LAST("last");

    private final String label;

    Export(String label) {
        this.label = label;
    }

    /** Returns the name on the command line. */
    String label() {
        return label;
    }

    /**
     * Returns the choice called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    static Export of(String label) {
        return Arrays.stream(values())
                .filter(export -> export.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "--export is best or last, not '%s'".formatted(label)));
    }
}
