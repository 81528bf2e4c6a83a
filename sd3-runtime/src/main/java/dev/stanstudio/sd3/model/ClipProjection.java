package dev.stanstudio.sd3.model;

import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.text.ClipTextConfig;

/** CLIP-L in single files has no projection of its own: the pooled state is taken as it is. */
final class ClipProjection {
    private static final String PROJECTION = "text_projection.weight";
    private static final String WITNESS = "text_model.final_layer_norm.weight";

    private ClipProjection() {}

    static Weights complete(StoredWeights weights, ClipTextConfig config) {
        if (weights.names().contains(PROJECTION)) {
            return weights;
        }
        return StoredWeights.withIdentity(
                weights, PROJECTION, config.hiddenSize(), weights.dtype(WITNESS));
    }
}
