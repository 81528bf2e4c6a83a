package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.KindSizes;
import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the settings that a training takes where no option says otherwise. */
public enum Preset {
    /**
     * The paper's for the built-in model, whose width of 256 is a sixth of SD3's: k is a sixteenth
     * of the width as there, l three eighths (there a third), LoRA's rank about a forty-eighth, and
     * its α is 1.
     */
    NANO("nano"),

    /** Table 14 of the paper. */
    PAPER("paper"),

    /** The kinds' sizes of the paper at the size of the model; α is the rank. */
    PLAIN("plain"),

    /** Settings that SimpleTuner's documentation (quickstart/SD3.md) calls stable for SD3.5. */
    SD35_MEDIUM("sd3.5-medium"),

    /** The same with the rate that it names for SD3.5-large, where larger ones may explode. */
    SD35_LARGE("sd3.5-large");

    /**
     * The loss of a training.
     *
     * @param density of the noise levels
     * @param velocity whether velocities are compared
     * @param clip largest norm of the gradients
     * @param shift of the noise levels, or null for the model's
     */
    record Care(
            NoiseLevels.Density density, boolean velocity, double clip, @Nullable Double shift) {}

    private static final Care REFERENCE =
            new Care(NoiseLevels.Density.LOGIT_NORMAL, false, 1, null);
    private static final Care STABLE = new Care(NoiseLevels.Density.UNIFORM, true, 0.1, 1.0);

    /**
     * Length and speed of a training.
     *
     * @param resolution in pixels, or null for the model's
     * @param steps updates
     * @param batch pictures per update
     * @param rate learning rate
     * @param validateEvery steps between validations
     */
    record Course(
            @Nullable Integer resolution, long steps, int batch, double rate, int validateEvery) {}

    private final String label;

    Preset(String label) {
        this.label = label;
    }

    /** Returns the name on the command line and on pages. */
    public String label() {
        return label;
    }

    KindSizes sizes() {
        return switch (this) {
            case NANO -> new KindSizes(96, 16, 6, 1.0);
            case PAPER -> new KindSizes(512, 96, 32, 1.0);
            case PLAIN, SD35_MEDIUM, SD35_LARGE -> new KindSizes(512, 96, 32, null);
        };
    }

    Course course() {
        return switch (this) {
            case NANO -> new Course(128, 300, 8, 4e-3, 50);
            case PAPER -> new Course(1024, 3000, 1, 4e-4, 500);
            case PLAIN -> new Course(null, 3000, 1, 4e-4, 1000);
            case SD35_MEDIUM -> new Course(1024, 3000, 12, 1e-4, 500);
            case SD35_LARGE -> new Course(1024, 3000, 12, 1e-5, 500);
        };
    }

    Care care() {
        return switch (this) {
            case NANO, PAPER, PLAIN -> REFERENCE;
            case SD35_MEDIUM, SD35_LARGE -> STABLE;
        };
    }

    /** Returns all labels. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Preset::label).toList();
    }

    /**
     * Returns the preset called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    static Preset of(String label) {
        return Arrays.stream(values())
                .filter(preset -> preset.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no preset is called '%s'; use %s"
                                                .formatted(label, String.join(", ", labels()))));
    }
}
