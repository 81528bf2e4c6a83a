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
 * @param captions what captions say of styles
 * @param emaDecay decay of the averaged weights
 * @param seed of weights and batches
 * @param dtype type the networks compute in; weights stay fp32
 * @param data what it is trained on and what it starts from, as text
 */
public record ClipSettings(
        long steps,
        int batch,
        int pictures,
        long dataSeed,
        LearningRate rate,
        CaptionShares captions,
        double emaDecay,
        long seed,
        DType dtype,
        String data) {
    /** Refuses sizes that cannot work. */
    public ClipSettings {
        if (steps < 1 || batch < 2 || pictures < 1) {
            throw new ArgumentException(
                    "steps, batch and pictures must be at least 1, 2 and 1, not %d, %d, %d"
                            .formatted(steps, batch, pictures));
        }
    }

    /** Returns a text of all settings that decide the result, which a checkpoint must match. */
    String identity() {
        return toString();
    }
}
