package dev.stanstudio.adapter.kind;

/** Lists the ways in which several adapters of a kind become one. */
public enum Joining {
    /** Feature beside feature, each adapter with a top-k of its own. */
    FEATURES,
    /** Rank beside rank. */
    RANKS,
    /** As a sparse change of the weights. */
    MASKS
}
