package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.training.LearningRate;

/**
 * Holds the settings that train a transformer from nothing.
 *
 * @param steps updates in all
 * @param batch latents per update
 * @param shards parts of a batch that are computed side by side
 * @param rate learning rate
 * @param dropout share of the captions that are replaced by the empty one
 * @param emaDecay decay of the averaged weights
 * @param seed of weights, order, noise and noise levels
 * @param dtype type the network computes in; weights stay fp32
 * @param data what it is trained on, as text
 */
public record MmditSettings(
        long steps,
        int batch,
        int shards,
        LearningRate rate,
        double dropout,
        double emaDecay,
        long seed,
        DType dtype,
        String data) {
    /** Refuses sizes that cannot work. */
    public MmditSettings {
        if (batch < 1 || steps < 1) {
            throw new ArgumentException(
                    "batch and steps must be at least 1, not " + batch + ", " + steps);
        }
        if (shards < 1 || batch % shards != 0) {
            throw new ArgumentException(
                    "a batch of " + batch + " cannot be cut into " + shards + " equal shards");
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new ArgumentException("the captions' dropout must be 0 … 1, not " + dropout);
        }
    }

    /** Returns a text of all settings that decide the result, which a checkpoint must match. */
    String identity() {
        return toString();
    }
}
