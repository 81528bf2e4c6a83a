package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;

/**
 * A stretch of the denoising steps, as shares of their number (diffusers' guiders): from step
 * ⌊start·steps⌋ on, before step ⌊stop·steps⌋, counted from 0. Steps that an initial picture leaves
 * out count too, so that a share stands for the same noise levels with and without one.
 *
 * @param start share of the steps before it, 0 … 1
 * @param stop share of the steps at which it ends, 0 … 1
 */
public record StepShare(double start, double stop) {
    /** All steps. */
    public static final StepShare ALL = new StepShare(0, 1);

    /** Refuses shares outside 0 … 1, and an end that is not after the start. */
    public StepShare {
        if (!(start >= 0 && start < stop && stop <= 1)) {
            throw new ArgumentException(
                    "guidance runs from a start to a later stop within 0 … 1, not %s … %s"
                            .formatted(start, stop));
        }
    }

    /** Returns true if it holds none of {@code steps} steps from step {@code first} on. */
    boolean isEmpty(int first, int steps) {
        return Math.max(first, (int) (start * steps)) >= (int) (stop * steps);
    }

    /** Returns words for {@code steps} steps of which those from {@code first} on are made. */
    public static String words(int first, int steps) {
        return first == 0
                ? steps + " steps"
                : "the steps %d to %d of %d that follow the initial picture"
                        .formatted(first + 1, steps, steps);
    }

    /** Returns true if step {@code index} of {@code steps} lies within it. */
    boolean contains(int index, int steps) {
        return index >= (int) (start * steps) && index < (int) (stop * steps);
    }
}
