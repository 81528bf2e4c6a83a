package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.training.LearningRate;

/**
 * Holds the settings that train an autoencoder. Its loss is mean |d| + squareWeight · mean d² +
 * chromaWeight · mean (d − grey of d)² + klWeight · KL per latent element, d the error of pictures
 * in −1 … 1.
 *
 * @param steps updates in all
 * @param batch pictures per update
 * @param shards parts of a batch that are computed side by side
 * @param crop side of the random crops in pixels, divisible by 8
 * @param pictures how many different pictures there are
 * @param rate learning rate
 * @param squareWeight weight of the squared error
 * @param chromaWeight weight of the error in colour alone, which is small next to that in light
 * @param klWeight weight of the KL term, per latent element
 * @param emaDecay decay of the averaged weights
 * @param seed of weights, crops and noise
 * @param dtype type the networks compute in; weights stay fp32
 * @param data what it is trained on and what it starts from, as text
 */
public record VaeSettings(
        long steps,
        int batch,
        int shards,
        int crop,
        long pictures,
        LearningRate rate,
        double squareWeight,
        double chromaWeight,
        double klWeight,
        double emaDecay,
        long seed,
        DType dtype,
        String data) {
    /** Refuses sizes that cannot work. */
    public VaeSettings {
        if (batch < 1 || pictures < 1 || steps < 1) {
            throw new ArgumentException(
                    "batch, pictures and steps must be at least 1, not %d, %d, %d"
                            .formatted(batch, pictures, steps));
        }
        if (shards < 1 || batch % shards != 0) {
            throw new ArgumentException(
                    "a batch of %d cannot be cut into %d equal shards".formatted(batch, shards));
        }
        if (crop < 8 || crop % 8 != 0) {
            throw new ArgumentException("the crop must be divisible by 8, not " + crop);
        }
    }

    /** Returns a text of all settings that decide the result, which a checkpoint must match. */
    String identity() {
        return toString();
    }
}
