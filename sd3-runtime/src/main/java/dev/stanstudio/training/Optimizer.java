package dev.stanstudio.training;

import dev.stanstudio.engine.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Moves parameters along their gradients and owns what it remembers of them. Belongs to one
 * training.
 */
public sealed interface Optimizer extends AutoCloseable permits AdamW, RuleOptimizer {
    /** Counts the updates made so far. */
    long steps();

    /**
     * Updates every parameter.
     *
     * @param gradients in the parameters' order
     * @return the gradients' global norm before clipping
     * @throws DivergedException if the norm is not a number; no parameter has changed then
     */
    double update(List<Tensor> gradients, double learningRate);

    /** Returns the remembered tensors by name, for checkpoints; each is changed in place. */
    Map<String, Tensor> state();

    /** Returns the remembered numbers by name, for checkpoints. */
    default Map<String, Double> numbers() {
        return Map.of();
    }

    /**
     * Goes on with numbers of a checkpoint, after the tensors of {@link #state} were filled.
     *
     * @param madeSteps updates made
     */
    void restore(long madeSteps, Map<String, Double> numbers);

    /** Returns numbers for the log, by name. */
    default Map<String, Double> reported() {
        return Map.of();
    }

    /** Moves {@code averages}, which are what is written, after an update. */
    default void average(Averages averages) {
        averages.update(steps());
    }

    /** Runs {@code work} while the parameters are the weights that are to be judged. */
    default void whileJudged(Runnable work) {
        work.run();
    }

    @Override
    void close();
}
