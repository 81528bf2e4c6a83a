package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.training.LearningRate;

/**
 * Holds the settings that train CLIP from nothing.
 *
 * @param steps updates in all
 * @param batch pairs per update, which are each other's wrong answers
 * @param pictures how many different pictures there are
 * @param dataSeed seed of the pictures, for the record
 * @param rate learning rate
 * @param styleShare share of the styled pictures whose caption names the style
 * @param emaDecay decay of the averaged weights
 * @param seed of weights and batches
 * @param dtype type the networks compute in; weights stay fp32
 */
public record ClipSettings(
        long steps,
        int batch,
        int pictures,
        long dataSeed,
        LearningRate rate,
        double styleShare,
        double emaDecay,
        long seed,
        DType dtype) {
    /** Refuses sizes that cannot work. */
    public ClipSettings {
        if (steps < 1 || batch < 2 || pictures < 1) {
            throw new ArgumentException(
                    "steps, batch and pictures must be at least 1, 2 and 1, not %d, %d, %d"
                            .formatted(steps, batch, pictures));
        }
        if (!(styleShare >= 0 && styleShare <= 1)) {
            throw new ArgumentException("the style share must be 0 … 1, not " + styleShare);
        }
    }

    /** Returns a text of all settings that decide the result, which a checkpoint must match. */
    String identity() {
        return toString();
    }
}
