package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.project.AdapterSource;

/**
 * An adapter that is merged, and how strongly it counts.
 *
 * @param weight 1 as trained, 0 not at all; may be negative
 */
public record Expert(AdapterSource source, double weight) {
    /** Refuses a weight that is not finite. */
    public Expert {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of adapter " + source.name() + " must be a number, not " + weight);
        }
    }
}
