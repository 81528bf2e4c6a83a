package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tensors that a {@link WeightChange} is computed from, in fp32 on the CPU.
 *
 * @param adapter its name, for errors
 * @param files of the adapter
 * @param base the model's weights, or null where there is no model
 * @param modules the model's modules that the file has as one, in the file's order
 */
record ChangeInput(
        String adapter, TensorFiles files, @Nullable Weights base, List<ModuleRows> modules) {
    private static final String BIAS = ".bias";

    Tensor open(Scope scope, StoredTensor stored) {
        try (Scope local = Scope.open(stored.info().name())) {
            return Tensors.to(scope, files.open(local, stored), Device.CPU, DType.FP32);
        }
    }

    /** Returns W [out, in · kernel] of all modules, one below the other as the file has them. */
    Tensor weight(Scope scope) {
        return joined(scope, TargetModules.WEIGHT);
    }

    /** Returns their biases as a column [out, 1]. */
    Tensor bias(Scope scope) {
        return joined(scope, BIAS);
    }

    private Tensor joined(Scope scope, String tensor) {
        Weights weights = base;
        if (weights == null) {
            throw new UserException(
                    "%s: its change follows from the weights of the model too, and this is done only where it is applied to one (generate --adapter, grid, adapter merge --model)"
                            .formatted(adapter));
        }
        try (Scope local = Scope.open("weights of " + modules.get(0).module())) {
            List<Tensor> parts =
                    modules.stream().map(rows -> part(local, weights, rows, tensor)).toList();
            return Tensors.concat(scope, parts, 0);
        }
    }

    private static Tensor part(Scope scope, Weights weights, ModuleRows rows, String tensor) {
        String name = rows.module() + tensor;
        if (tensor.equals(BIAS) && !weights.names().contains(name)) {
            // T5's layers have none.
            return Tensors.zeros(scope, new long[] {rows.count(), 1}, DType.FP32, Device.CPU);
        }
        Tensor stored = weights.open(scope, name);
        Tensor wide = Tensors.to(scope, stored, Device.CPU, DType.FP32);
        long out = wide.size(0);
        Tensor matrix = Tensors.reshape(scope, wide, new long[] {out, wide.elements() / out});
        return rows.swapHalves() ? swapped(scope, matrix) : matrix;
    }

    static Tensor swapped(Scope scope, Tensor x) {
        return WeightChange.program().call(scope, "halves_swapped", x);
    }
}
