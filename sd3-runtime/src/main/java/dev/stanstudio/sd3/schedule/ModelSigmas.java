package dev.stanstudio.sd3.schedule;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A model's noise levels as ComfyUI counts them: timestep t of 1 … {@code timesteps} has the
 * shifted level σ = shift(t/timesteps), and a level σ stands for the timestep σ·timesteps, which is
 * not its inverse. Source: ModelSamplingDiscreteFlow in ComfyUI's comfy/model_sampling.py.
 *
 * @param timesteps entries of the table
 * @param shift from an unshifted to a shifted sigma
 */
record ModelSigmas(int timesteps, DoubleUnaryOperator shift) {
    /** Returns the level of a time in (0, {@code timesteps}], whole or not. */
    double at(double time) {
        return shift.applyAsDouble(time / timesteps);
    }

    double lowest() {
        return at(1);
    }

    double highest() {
        return at(timesteps);
    }

    /**
     * Returns {@code steps} levels at even timesteps from the highest level's to the lowest's,
     * shifted once more.
     *
     * @param lowest true if the last of them is the lowest level's; false if it would come next
     */
    double[] even(int steps, boolean lowest) {
        double[] ends = {highest() * timesteps, lowest() * timesteps};
        double[] points = Ramp.linear(ends[0], ends[1], lowest ? steps : steps + 1);
        return IntStream.range(0, steps).mapToDouble(i -> at(points[i])).toArray();
    }
}
