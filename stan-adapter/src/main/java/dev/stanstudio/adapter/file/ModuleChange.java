package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link WeightChange} that one module of the model has. Immutable and thread-safe.
 *
 * @param change of the weight as the file has it
 * @param rows those of this module
 * @param all the modules that the file has as one
 */
record ModuleChange(WeightChange change, ModuleRows rows, List<ModuleRows> all) {
    /** Tensor name of ΔW. */
    static final String WEIGHT = "change";

    /** Tensor name of the change of the bias. */
    static final String BIAS = "change_of_bias";

    /** Keeps a copy of the list. */
    ModuleChange {
        all = List.copyOf(all);
    }

    /** Returns the shape of the module's weight; 0 where the tensors do not say. */
    long[] shape() {
        long[] shape = change.shape();
        if (shape[0] != 0) {
            shape[0] = rows.count();
        }
        return shape;
    }

    /** Returns everything that the change depends on beside tensors and model. */
    String identity() {
        return " %s %s %s%n"
                .formatted(change.label(), change.settings(), rows)
                .replace(System.lineSeparator(), "\n");
    }

    /**
     * Computes a change.
     *
     * @param tensor {@link #WEIGHT} or {@link #BIAS}
     * @param base the model's weights, or null
     * @throws dev.stanstudio.base.UserException if it needs the model and there is none
     */
    Tensor open(
            Scope scope, String adapter, TensorFiles files, @Nullable Weights base, String tensor) {
        ChangeInput input = new ChangeInput(adapter, files, base, all);
        boolean whole = all.size() == 1 && !rows.swapHalves();
        if (whole) {
            return compute(scope, input, tensor);
        }
        try (Scope local = Scope.open(rows.module())) {
            Tensor stored = compute(local, input, tensor);
            Tensor own = Tensors.narrow(local, stored, 0, rows.from(), rows.to());
            return rows.swapHalves()
                    ? ChangeInput.swapped(scope, own)
                    : Tensors.concat(scope, List.of(own), 0);
        }
    }

    private Tensor compute(Scope scope, ChangeInput input, String tensor) {
        return switch (tensor) {
            case WEIGHT -> change.weight(scope, input);
            case BIAS -> change.bias(scope, input);
            default -> throw new IllegalArgumentException("no tensor of a change is " + tensor);
        };
    }
}
