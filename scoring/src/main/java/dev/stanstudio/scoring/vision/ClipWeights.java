package dev.stanstudio.scoring.vision;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.WeightException;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tensors of a CLIP model, dealt out to its two towers. */
final class ClipWeights implements AutoCloseable {
    private static final String LOGIT_SCALE = "logit_scale";
    private static final String TEXT = "text_";

    private final TensorCollection tensors;
    private final TensorFiles files = new TensorFiles();

    ClipWeights(TensorCollection tensors) {
        this.tensors = tensors;
    }

    String fingerprint() {
        return Fingerprint.of(List.of(tensors));
    }

    Weights text() {
        return select(name -> name.startsWith(TEXT));
    }

    /** Returns all weights but the text tower's, so that a stray tensor is found. */
    Weights vision() {
        return select(name -> !name.startsWith(TEXT) && !name.equals(LOGIT_SCALE));
    }

    private Weights select(Predicate<String> wanted) {
        Map<String, Part> parts = new LinkedHashMap<>();
        tensors.tensors()
                .forEach(
                        (name, stored) -> {
                            if (wanted.test(name)) {
                                parts.put(name, Part.whole(stored));
                            }
                        });
        return new StoredWeights(tensors.source().toString(), files, parts);
    }

    /** e to the power of the stored scale. */
    double logitScale() {
        StoredTensor stored = tensors.tensor(LOGIT_SCALE);
        if (stored.info().elements() != 1) {
            throw new WeightException(
                    "%s: %s is %s, not one number"
                            .formatted(tensors.source(), LOGIT_SCALE, stored.info().shape()));
        }
        try (Scope scope = Scope.open(LOGIT_SCALE)) {
            return Math.exp(files.open(scope, stored).toFloats()[0]);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
