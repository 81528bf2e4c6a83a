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
 * Keeps account of which of STAN's features no token keeps any more. The projection notes what is
 * kept; shards note side by side, which is safe since all write the same.
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
        AdapterParameters.program().callLong("begin", lives, patience);
    }

    /** Forgets what a validation kept. */
    @Override
    public void before(long number, Function<Scope, List<Tensor>> gradients) {
        AdapterParameters.program().callLong("forget", lives);
    }

    @Override
    public void after(Update update) {
        AdapterParameters.program().callLong("grow_old", lives, patience);
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
