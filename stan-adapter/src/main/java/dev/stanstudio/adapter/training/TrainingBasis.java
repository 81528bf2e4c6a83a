package dev.stanstudio.adapter.training;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.Quantization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a training depends on beside its settings: the model, what it computes in, how
 * captions are read. A checkpoint keeps it, so that a training is not resumed with another;
 * checkpoints from before it was kept are taken as they are. Immutable.
 *
 * @param facts texts by name
 */
public record TrainingBasis(Map<String, String> facts) {
    /** A basis that says nothing and goes with every checkpoint. */
    public static final TrainingBasis NONE = new TrainingBasis(Map.of());

    private static final String PREFIX = "basis.";
    private static final String MODEL = "model";
    private static final String SETTINGS = "settings";
    private static final int SHOWN = 60;

    /** Keeps a copy of the facts. */
    public TrainingBasis {
        facts = Map.copyOf(facts);
    }

    /**
     * The basis of a training.
     *
     * @param fingerprint of the model's weights
     * @param settings hash of its configurations
     * @param dtype what the frozen networks compute in
     * @param form how their matrices are held
     * @param captions how captions are read
     */
    public static TrainingBasis of(
            String fingerprint, String settings, DType dtype, Quantization form, String captions) {
        // Beside the type, since checkpoints from before there were forms hold one too.
        String numbers = dtype.label() + (form.small() ? " of " + form.label() : "");
        return new TrainingBasis(
                Map.of(
                        MODEL,
                        fingerprint,
                        SETTINGS,
                        settings,
                        "dtype",
                        numbers,
                        "captions",
                        captions));
    }

    /** {@code notes} of a checkpoint with the basis beside them. */
    Map<String, String> beside(Map<String, String> notes) {
        Map<String, String> all = new TreeMap<>(notes);
        facts.forEach((name, text) -> all.put(PREFIX + name, text));
        return all;
    }

    /**
     * Compares this basis with that of the training in {@code checkpoint}.
     *
     * @param notes of the checkpoint
     * @throws UserException that names what differs
     */
    void require(Path checkpoint, Map<String, String> notes) {
        List<String> other = new ArrayList<>();
        new TreeMap<>(facts)
                .forEach(
                        (name, text) -> {
                            String before = notes.get(PREFIX + name);
                            if (before != null && !before.equals(text)) {
                                other.add(difference(name, before, text));
                            }
                        });
        if (!other.isEmpty()) {
            throw new UserException(
                    "%s was started with another basis (%s); repeat that, or name another folder with --out"
                            .formatted(checkpoint, String.join("; ", other)));
        }
    }

    private static String difference(String name, String before, String now) {
        return name.equals(MODEL) || name.equals(SETTINGS)
                ? "a model with other " + (name.equals(MODEL) ? "weights" : name)
                : "%s %s, now %s".formatted(name, brief(before), brief(now));
    }

    private static String brief(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
