package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.lora.LoraAdapter;

/**
 * An adapter and how strongly it counts.
 *
 * @param weight 1 as trained, 0 not at all; may be negative
 */
public record WeightedLora(LoraAdapter adapter, double weight) {
    /** Refuses a weight that is not finite. */
    public WeightedLora {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of adapter " + adapter.name() + " must be a number, not " + weight);
        }
    }
}
