package dev.stanstudio.scoring.vision;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/** A network that turns pictures into feature vectors [d]. Thread-safe. */
public interface ImageTower {
    /** Returns the identity of the network. */
    TowerId id();

    /** Returns the length d of a feature vector. */
    int dimensions();

    /**
     * The features of a batch, as the network gives them: neither normalised nor checked.
     *
     * @param owner owns the result
     * @param pixels [B, 3, H, W], preprocessed, of any type and on any device
     * @return [B, d] in fp32 on the network's device
     */
    Tensor features(Scope owner, Tensor pixels);
}
