package dev.stanstudio.training;

import java.nio.file.Path;
import java.util.Map;

/**
 * Training that a {@link TrainingLoop} runs: one from nothing or from a checkpoint. Each step
 * follows from the settings and its number alone, so that a resumed training is the unbroken one.
 * Belongs to one thread.
 */
public interface Trainee extends AutoCloseable {
    /** Steps made so far. */
    long steps();

    /** Steps in all. */
    long plannedSteps();

    /**
     * Makes one step.
     *
     * @return named numbers of the step, such as its loss and learning rate
     * @throws DivergedException if a number is no longer finite
     */
    Map<String, Double> step();

    /** Measures on held-out data with fixed noise; the same weights give the same numbers. */
    Map<String, Double> validate();

    /**
     * Receives the result of {@link #validate}; may save the weights if they are the best so far.
     *
     * @param folder of the training
     */
    default void validated(Path folder, Map<String, Double> numbers) {}

    /** Draws a sheet of samples to {@code file}, a PNG. */
    void drawSamples(Path file);

    /** Writes everything that resuming needs, as a whole or not at all. */
    void save(Path checkpoint);

    /** Continues from {@code checkpoint}. */
    void resume(Path checkpoint);

    @Override
    void close();
}
