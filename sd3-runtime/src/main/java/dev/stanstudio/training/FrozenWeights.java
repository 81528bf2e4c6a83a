package dev.stanstudio.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Set;

/**
 * The weights of a model that gradients pass through without changing it. Those that are in memory
 * for other purposes are copied, for what was made outside of a recording cannot take part.
 *
 * @param base the model's weights
 */
public record FrozenWeights(Weights base) implements Weights {
    @Override
    public Set<String> names() {
        return base.names();
    }

    @Override
    public long[] shape(String name) {
        return base.shape(name);
    }

    @Override
    public DType dtype(String name) {
        return base.dtype(name);
    }

    @Override
    public Tensor open(Scope scope, String name) {
        try (Scope local = Scope.open(name)) {
            return Tensors.recordable(scope, base.open(local, name));
        }
    }

    @Override
    public Tensor rows(Scope scope, String name, long[] rows) {
        try (Scope local = Scope.open(name)) {
            return Tensors.recordable(scope, base.rows(local, name, rows));
        }
    }

    @Override
    public String origin() {
        return base.origin();
    }
}
