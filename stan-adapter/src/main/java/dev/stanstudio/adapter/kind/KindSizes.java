package dev.stanstudio.adapter.kind;

import org.jspecify.annotations.Nullable;

/**
 * Sizes of the kinds where no option gives them.
 *
 * @param features l of STAN
 * @param k of STAN
 * @param rank of the low-rank kinds
 * @param alpha of the low-rank kinds, or null for the rank
 */
public record KindSizes(int features, int k, int rank, @Nullable Double alpha) {}
