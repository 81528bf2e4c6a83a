package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/** Encoded pictures with their captions, by number. Thread-safe. */
public interface Examples {
    /**
     * One picture and its caption.
     *
     * @param moments of the autoencoder's posterior [1, 2C, H, W]
     * @param tokens of the caption [1, M, joint width]
     * @param pooled caption [1, pooled width]
     * @param lastRepeats how many equal tokens the last one stands for, the same for all captions
     */
    record Example(Tensor moments, Tensor tokens, Tensor pooled, int lastRepeats) {}

    /** How many there are. */
    int count();

    /** The size of picture {@code index}: those of one batch are of one size. */
    default String bucket(int index) {
        return "";
    }

    /** Whether mirrored pictures are there too. */
    default boolean flips() {
        return false;
    }

    /**
     * Example {@code index}; {@code scope} may come to own its tensors.
     *
     * @param flipped the mirrored picture, where {@link #flips()}
     * @param captioned whether with its own caption or with the empty one
     */
    Example open(Scope scope, int index, boolean flipped, boolean captioned);
}
