package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;

/**
 * Inputs of one step.
 *
 * @param latents z, shifted and scaled [B, C, H, W]
 * @param promptEmbeds text tokens [B, M, joint width]
 * @param pooled pooled text [B, pooled width]
 * @param lastRepeats number of equal padding tokens that the last text token represents
 * @param noise ε [B, C, H, W]
 * @param sigmas σ of each row
 * @param emphasis what rows and places count in the loss
 * @param captions the text of each row; none where nobody encodes it anew
 */
public record TrainingBatch(
        Tensor latents,
        Tensor promptEmbeds,
        Tensor pooled,
        int lastRepeats,
        Tensor noise,
        List<Double> sigmas,
        Emphasis emphasis,
        List<String> captions) {

    /** Rows and places that all count the same. */
    public TrainingBatch(
            Tensor latents,
            Tensor promptEmbeds,
            Tensor pooled,
            int lastRepeats,
            Tensor noise,
            List<Double> sigmas) {
        this(latents, promptEmbeds, pooled, lastRepeats, noise, sigmas, Emphasis.NONE, List.of());
    }

    /** Refuses rows that do not go together; keeps a copy of the levels. */
    public TrainingBatch {
        sigmas = List.copyOf(sigmas);
        captions = List.copyOf(captions);
        if (sigmas.size() != latents.size(0)) {
            throw new IllegalArgumentException(
                    sigmas.size() + " noise levels for " + latents.size(0) + " rows");
        }
        if (!captions.isEmpty() && captions.size() != latents.size(0)) {
            throw new IllegalArgumentException(
                    captions.size() + " captions for " + latents.size(0) + " rows");
        }
    }

    /** Pictures in the batch. */
    long size() {
        return sigmas.size();
    }

    /** σ of each row. */
    double[] levels() {
        return sigmas.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Rows {@code from … to−1}, sharing memory. */
    TrainingBatch rows(Scope scope, long from, long to) {
        return new TrainingBatch(
                Tensors.narrow(scope, latents, 0, from, to),
                Tensors.narrow(scope, promptEmbeds, 0, from, to),
                Tensors.narrow(scope, pooled, 0, from, to),
                lastRepeats,
                Tensors.narrow(scope, noise, 0, from, to),
                sigmas.subList((int) from, (int) to),
                emphasis.rows(scope, from, to),
                captions.isEmpty() ? captions : captions.subList((int) from, (int) to));
    }
}
