package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a training takes where no option says otherwise.
 *
 * @param label name on the command line
 * @param sizes of the kinds
 * @param course how long and how fast
 */
record Preset(String label, Sizes sizes, Course course) {
    /** The kinds' sizes of the paper at the size of the model; α is the rank, as PEFT's is. */
    static final Preset PLAIN =
            new Preset(
                    "plain", new Sizes(512, 96, 32, null), new Course(null, 3000, 1, 4e-4, 1000));

    /** Table 14 of the paper. */
    static final Preset PAPER =
            new Preset("paper", new Sizes(512, 96, 32, 1.0), new Course(1024, 3000, 1, 4e-4, 500));

    /**
     * The paper's for the built-in model, whose width is a sixth of SD3's: STAN's l and k are a
     * third and a sixteenth of the width as there, LoRA's rank is a forty-eighth.
     */
    static final Preset NANO =
            new Preset("nano", new Sizes(96, 16, 6, 6.0), new Course(128, 300, 8, 4e-3, 50));

    private static final List<Preset> ALL = List.of(PLAIN, PAPER, NANO);

    /**
     * Sizes of the kinds.
     *
     * @param features l of STAN
     * @param k of STAN
     * @param rank of the low-rank kinds
     * @param alpha of the low-rank kinds, or null for the rank
     */
    record Sizes(int features, int k, int rank, @Nullable Double alpha) {}

    /**
     * How long and how fast.
     *
     * @param resolution in pixels, or null for the model's
     * @param steps updates
     * @param batch pictures per update
     * @param rate learning rate
     * @param validateEvery steps between validations
     */
    record Course(
            @Nullable Integer resolution, long steps, int batch, double rate, int validateEvery) {}

    /**
     * The preset called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    static Preset of(String label) {
        return ALL.stream()
                .filter(preset -> preset.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no preset is called '"
                                                + label
                                                + "'; use "
                                                + ALL.stream()
                                                        .map(Preset::label)
                                                        .collect(Collectors.joining(", "))));
    }
}
