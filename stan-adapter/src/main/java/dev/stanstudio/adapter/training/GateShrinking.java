package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.Map;

/**
 * SoRA's proximal step (Ding et al. 2023; STAN paper, eq. 17): after each update every gate moves
 * by η·λ towards zero and stays there. As in the authors' program the update itself is AdamW's.
 */
final class GateShrinking implements TrainingHook {
    private final Scope scope = Scope.open("gates");
    private final TensorList list;
    private final double sparsity;

    GateShrinking(AdapterParameters adapter, String gate, double sparsity) {
        List<Tensor> gates =
                adapter.parameters().byName().entrySet().stream()
                        .filter(entry -> entry.getKey().endsWith("." + gate))
                        .map(Map.Entry::getValue)
                        .toList();
        list = Tensors.list(scope, gates);
        this.sparsity = sparsity;
    }

    @Override
    public void after(Update update) {
        AdapterParameters.program().callLong("shrink", list, update.learningRate() * sparsity);
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
