package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts down until a feature of STAN that is active for no token is dead. The projection marks the
 * active features; shards do so at the same time, which is safe since all write the same value.
 */
final class FeatureRevival implements TrainingHook {
    private final Scope scope = Scope.open("lives");
    private final Map<String, Tensor> states;
    private final TensorList lives;
    private final double patience;

    FeatureRevival(AdapterParameters adapter, Revival revival) {
        states = adapter.states();
        lives = Tensors.list(scope, List.copyOf(states.values()));
        patience = revival.deadAfter();
        AdapterParameters.program().callLong("reset_updates_left", lives, patience);
    }

    /** Clears the marks that a validation made. */
    @Override
    public void before(long number, Function<Scope, List<Tensor>> gradients) {
        AdapterParameters.program().callLong("clear_was_active", lives);
    }

    @Override
    public void after(Update update) {
        AdapterParameters.program().callLong("count_update", lives, patience);
    }

    @Override
    public Map<String, Tensor> state() {
        return states;
    }

    @Override
    public Map<String, Double> numbers() {
        try (Scope local = Scope.open("count")) {
            Tensor count = AdapterParameters.program().call(local, "dead", lives);
            return Map.of("dead_features", (double) count.toFloats()[0]);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
