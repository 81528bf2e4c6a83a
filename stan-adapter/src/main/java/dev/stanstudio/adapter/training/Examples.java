package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Tensor;

/** Encoded pictures with their captions, by number. Thread-safe. */
public interface Examples {
    /**
     * One picture and its caption.
     *
     * @param moments of the autoencoder's posterior [1, 2C, H, W]
     * @param tokens of the caption [1, M, joint width]
     * @param pooled caption [1, pooled width]
     */
    record Example(Tensor moments, Tensor tokens, Tensor pooled) {}

    /** How many there are. */
    int count();

    /** Example {@code index}; whoever made this owns the tensors. */
    Example get(int index);

    /** The empty caption, with the moments of any picture. */
    Example withoutCaption(int index);
}
