package dev.stanstudio.sd3.bench;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;

/** A transformer's weights drawn at random, for timing. Thread-safe until it is closed. */
public final class RandomTransformer implements AutoCloseable {
    private final RandomNumbers numbers = new RandomNumbers();
    private final Weights weights;

    /** Weights of {@code config} in {@code type}, made when they are asked for. */
    public RandomTransformer(MmditConfig config, DType type) {
        weights = new RandomWeights(numbers, MmditKeys.shapes(config), type);
    }

    /** The weights; usable until this is closed. */
    public Weights weights() {
        return weights;
    }

    @Override
    public void close() {
        numbers.close();
    }
}
