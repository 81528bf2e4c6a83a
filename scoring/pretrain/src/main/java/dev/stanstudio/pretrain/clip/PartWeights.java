package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Set;

/**
 * Some tensors of {@code all} under shorter names. Thread-safe if {@code all} is.
 *
 * @param prefix what stands before the names in {@code all}
 * @param names the shorter names
 */
record PartWeights(Weights all, String prefix, Set<String> names) implements Weights {
    @Override
    public long[] shape(String name) {
        return all.shape(prefix + name);
    }

    @Override
    public DType dtype(String name) {
        return all.dtype(prefix + name);
    }

    @Override
    public Tensor open(Scope scope, String name) {
        return all.open(scope, prefix + name);
    }

    @Override
    public String origin() {
        return all.origin();
    }
}
