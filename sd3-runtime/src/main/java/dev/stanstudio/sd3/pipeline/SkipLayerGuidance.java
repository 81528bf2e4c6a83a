package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Skip-layer guidance (diffusers pipeline_stable_diffusion_3.py): a further velocity is predicted
 * with some blocks left out, and the guided one is extrapolated away from it.
 *
 * @param layers blocks to leave out
 * @param scale strength
 * @param start share of the steps before it begins, 0 … 1
 * @param stop share of the steps at which it ends, 0 … 1
 */
public record SkipLayerGuidance(List<Integer> layers, double scale, double start, double stop) {
    /** Refuses an empty list and shares outside 0 … 1. */
    public SkipLayerGuidance {
        layers = Missing.copy(layers, "layers to skip");
        if (layers.isEmpty()) {
            throw new ArgumentException("skip-layer guidance needs at least one layer");
        }
        if (!Double.isFinite(scale)) {
            throw new ArgumentException("the skip-layer scale must be a number, not " + scale);
        }
        if (!(start >= 0 && start <= stop && stop <= 1)) {
            throw new ArgumentException(
                    "skip-layer guidance runs from start to stop within 0 … 1, not %s … %s"
                            .formatted(start, stop));
        }
    }

    /**
     * Returns true if it applies at step {@code index} of {@code steps}; both ends are left out.
     */
    boolean actsAt(int index, int steps) {
        return index > steps * start && index < steps * stop;
    }

    /** Returns true if it applies at none of {@code steps} steps from step {@code first} on. */
    public boolean isIdle(int first, int steps) {
        return IntStream.range(first, steps).noneMatch(index -> actsAt(index, steps));
    }
}
