package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights at the best validation, in a file beside the checkpoint. A training that resumes from
 * an older checkpoint finds the same best again. Belongs to one training.
 */
public final class BestWeights {
    /** The file in the folder of a training. */
    public static final String FILE = "best.safetensors";

    private static final String STEP = "best.step";
    private static final String LOSS = "best.loss";

    private long step;
    private double loss = Double.POSITIVE_INFINITY;

    /** The step after which it was; 0 for none. */
    public long step() {
        return step;
    }

    /** Its loss. */
    public double loss() {
        return loss;
    }

    boolean improves(double other) {
        return other < loss;
    }

    void keep(Path folder, long atStep, double atLoss, Map<String, Tensor> tensors) {
        List<SafetensorsWriter.Tensor> stored = new ArrayList<>();
        tensors.forEach((name, tensor) -> stored.add(StoredTensors.of(name, tensor)));
        SafetensorsWriter.write(folder.resolve(FILE), notes(atStep, atLoss), stored);
        step = atStep;
        loss = atLoss;
    }

    Map<String, String> notes() {
        return step == 0 ? Map.of() : notes(step, loss);
    }

    private static Map<String, String> notes(long step, double loss) {
        return Map.of(STEP, String.valueOf(step), LOSS, String.valueOf(loss));
    }

    /**
     * Goes on from the notes of a checkpoint.
     *
     * @throws UserException if they are no numbers
     */
    void restore(Path checkpoint, Map<String, String> notes) {
        String at = notes.get(STEP);
        String value = notes.get(LOSS);
        if (at == null || value == null) {
            return;
        }
        try {
            step = Long.parseLong(at);
            loss = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new UserException(
                    "%s is damaged: its best step is '%s' with loss '%s'; train anew in another folder"
                            .formatted(checkpoint, at, value),
                    e);
        }
    }

    Map<String, Tensor> read(Scope scope, Path folder) {
        Path file = folder.resolve(FILE);
        if (step == 0 || !Files.exists(file)) {
            throw new UserException(
                    file + " is not there; take the last weights with --export last");
        }
        TensorCollection stored = TensorCollection.open(file);
        if (!String.valueOf(step).equals(stored.files().get(0).metadata().get(STEP))) {
            throw new UserException(
                    "%s is not of step %s; take the last weights with --export last"
                            .formatted(file, step));
        }
        Map<String, Tensor> tensors = new TreeMap<>();
        try (TensorFiles files = new TensorFiles()) {
            stored.tensors()
                    .forEach((name, tensor) -> tensors.put(name, files.open(scope, tensor)));
        }
        return tensors;
    }
}
