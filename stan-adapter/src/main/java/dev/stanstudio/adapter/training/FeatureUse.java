package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the features of STAN that were active for no token in {@value #PATIENCE} updates. A
 * feature that is active for a token gives its column of D a gradient, so this is read from the
 * gradients, and the forward pass records nothing.
 */
final class FeatureUse implements TrainingHook {
    static final int PATIENCE = 100;

    private final Scope scope = Scope.open("feature use");
    private final List<Integer> decoders = new ArrayList<>();
    private final Map<String, Tensor> ages = new LinkedHashMap<>();
    private final TensorList list;
    private final long features;

    FeatureUse(AdapterParameters adapter, String decoder) {
        int index = 0;
        long count = 0;
        for (Map.Entry<String, Tensor> entry : adapter.parameters().byName().entrySet()) {
            if (entry.getKey().endsWith("." + decoder)) {
                decoders.add(index);
                long own = entry.getValue().size(1);
                count += own;
                ages.put(entry.getKey() + ".unused", zerosBeside(entry.getValue(), own));
            }
            index++;
        }
        features = count;
        list = Tensors.list(scope, List.copyOf(ages.values()));
    }

    /** On the device of the gradients: anywhere else, every update would wait for each layer. */
    private Tensor zerosBeside(Tensor parameter, long count) {
        try (Scope local = Scope.open("zeros")) {
            Tensor zeros = Tensors.zeros(local, new long[] {count}, DType.FP32, Device.CPU);
            return AdapterParameters.program().call(scope, "beside", zeros, parameter);
        }
    }

    @Override
    public void after(Update update) {
        try (Scope local = Scope.open("use")) {
            List<Tensor> own = decoders.stream().map(update.gradients()::get).toList();
            AdapterParameters.program()
                    .callLong("count_unused_updates", Tensors.list(local, own), list);
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return ages;
    }

    @Override
    public Map<String, Double> numbers() {
        try (Scope local = Scope.open("dead features")) {
            double dead =
                    AdapterParameters.program()
                            .call(local, "unused", list, (double) PATIENCE)
                            .toFloats()[0];
            return Map.of("dead_features", dead, "dead_share", dead / features);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
