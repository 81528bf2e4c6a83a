package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.training.ParameterSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Acts in each step of a training beside descending the gradient. Belongs to one training. */
interface TrainingHook extends AutoCloseable {
    /**
     * One update that was made.
     *
     * @param number counted from 1
     * @param gradients in the parameters' order, before clipping
     * @param clip what they were scaled by
     * @param learningRate of the update
     */
    record Update(long number, List<Tensor> gradients, double clip, double learningRate) {}

    /**
     * Makes the hook that the kind of {@code adapter} asks for.
     *
     * @param steps updates in all
     * @param epoch updates until every picture was seen once
     */
    static TrainingHook of(AdapterParameters adapter, long steps, long epoch) {
        return adapter.kind().hook(new TrainingHooks(adapter, steps, epoch));
    }

    /**
     * Acts before step {@code number}, counted from 1.
     *
     * @param gradients the gradients of the step's batch, computed when asked for
     */
    default void before(long number, Function<Scope, List<Tensor>> gradients) {}

    /**
     * Returns a further term of the loss, recorded, or null. Several threads may ask at once.
     *
     * @param parameters of the adapter, or their copy on another device
     */
    default @Nullable Tensor term(Scope scope, ParameterSet parameters) {
        return null;
    }

    /** Acts after an update. */
    default void after(Update update) {}

    /** Returns the tensors that it changes in place, by name, for checkpoints. */
    default Map<String, Tensor> state() {
        return Map.of();
    }

    /** Returns numbers for the log, by name. */
    default Map<String, Double> numbers() {
        return Map.of();
    }

    @Override
    default void close() {}
}
