package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;

/** Limits of ranks and α. */
final class Ranks {
    private static final int MOST = 1 << 16;

    private Ranks() {}

    static void require(int rank, double alpha) {
        if (rank < 1 || rank > MOST) {
            throw new ArgumentException("the rank must be 1 … " + MOST + ", not " + rank);
        }
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new ArgumentException("alpha must be above 0, not " + alpha);
        }
    }
}
