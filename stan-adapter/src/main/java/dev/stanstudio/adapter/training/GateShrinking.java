package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.ParameterSet;
import java.util.List;
import java.util.Map;

/**
 * SoRA's two pulls on its gates (Ding et al. 2023): λ times the mean of all |g| in the loss, and
 * the proximal step (STAN paper, eq. 17) that moves every gate by λ₂ towards zero after each update
 * and leaves it there. The update itself is AdamW's, as in the authors' program.
 */
final class GateShrinking implements TrainingHook {
    private final Scope scope = Scope.open("gates");
    private final String gate;
    private final TensorList list;
    private final double penalty;
    private final double shrink;

    GateShrinking(AdapterParameters adapter, String gate, double penalty, double shrink) {
        this.gate = gate;
        list = gates(scope, adapter.parameters());
        this.penalty = penalty;
        this.shrink = shrink;
    }

    private TensorList gates(Scope owner, ParameterSet parameters) {
        List<Tensor> gates =
                parameters.byName().entrySet().stream()
                        .filter(entry -> entry.getKey().endsWith("." + gate))
                        .map(Map.Entry::getValue)
                        .toList();
        return Tensors.list(owner, gates);
    }

    @Override
    public Tensor term(Scope local, ParameterSet parameters) {
        return AdapterParameters.program()
                .call(local, "mean_size", gates(local, parameters), penalty);
    }

    @Override
    public void after(Update update) {
        AdapterParameters.program().callLong("shrink", list, shrink);
    }

    @Override
    public Map<String, Double> numbers() {
        try (Scope local = Scope.open("count")) {
            Tensor count = AdapterParameters.program().call(local, "nonzero", list);
            return Map.of("ranks", (double) count.toFloats()[0]);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
