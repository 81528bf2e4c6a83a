package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;

/**
 * Pictures that a transformer sees beside the text.
 *
 * @param adapter reads them
 * @param features [B, P, S, w] of P pictures; zeros for a prediction without pictures
 * @param scale factor of what the attentions see of them
 */
public record ImagePrompt(IpAdapter adapter, Tensor features, double scale) {
    /** Refuses features of another width than the adapter reads. */
    public ImagePrompt {
        long width = features.size(3);
        if (width != adapter.config().featureWidth()) {
            throw new ArgumentException(
                    "the IP-Adapter reads features %d wide, not %d"
                            .formatted(adapter.config().featureWidth(), width));
        }
    }

    /** Rows {@code from … to−1} of the batch, sharing memory. */
    ImagePrompt rows(Scope scope, long from, long to) {
        return new ImagePrompt(adapter, Tensors.narrow(scope, features, 0, from, to), scale);
    }
}
