package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a kind of adapter does in a step besides descending the gradient. One training's own. */
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

    /** Nothing besides. */
    TrainingHook PLAIN = new TrainingHook() {};

    /**
     * The regimen of an adapter.
     *
     * @param steps updates in all
     * @param epoch updates until every picture was seen once
     */
    static TrainingHook of(AdapterParameters adapter, long steps, long epoch) {
        if (adapter.kind() instanceof AdaLora kind) {
            return new BudgetAllocation(adapter, kind, steps);
        } else if (adapter.kind() instanceof Sora kind) {
            return new GateShrinking(adapter, kind);
        } else if (adapter.kind() instanceof SparseMask kind) {
            return new MaskSelection(adapter, kind, epoch);
        } else if (adapter.kind() instanceof Stan kind && kind.revival().joins()) {
            return new FeatureRevival(adapter, kind.revival());
        } else if (adapter.kind() instanceof Stan kind && !kind.tied()) {
            return new FeatureUse(adapter);
        }
        return PLAIN;
    }

    /**
     * Before step {@code number}, counted from 1.
     *
     * @param gradients the gradients of the step's batch, computed when asked for
     */
    default void before(long number, Function<Scope, List<Tensor>> gradients) {}

    /** A term of the loss, recorded, or null. */
    default @Nullable Tensor term(Scope scope) {
        return null;
    }

    /** After an update. */
    default void after(Update update) {}

    /** Tensors that change in place, by name, for checkpoints. */
    default Map<String, Tensor> state() {
        return Map.of();
    }

    /** Numbers for the log, by name. */
    default Map<String, Double> numbers() {
        return Map.of();
    }

    @Override
    default void close() {}
}
