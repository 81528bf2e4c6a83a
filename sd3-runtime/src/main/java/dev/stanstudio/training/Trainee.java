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
     * @throws DivergedException if the numbers left the finite ones
     */
    Map<String, Double> step();

    /** Measures on held-out data with fixed noise; the same weights give the same numbers. */
    Map<String, Double> validate();

    /**
     * Is told what {@link #validate} answered, and may keep its weights where they are the best.
     *
     * @param folder of the training
     */
    default void validated(Path folder, Map<String, Double> numbers) {}

    /** Draws a sheet of samples to {@code file}, a PNG. */
    void drawSamples(Path file);

    /** Writes everything needed to go on, whole or not at all. */
    void save(Path checkpoint);

    /** Continues from {@code checkpoint}. */
    void resume(Path checkpoint);

    @Override
    void close();
}
