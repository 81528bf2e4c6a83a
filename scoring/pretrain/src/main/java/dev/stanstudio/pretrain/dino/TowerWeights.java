package dev.stanstudio.pretrain.dino;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Set;

/** Some tensors of {@code all}. Thread-safe if {@code all} is. */
record TowerWeights(Weights all, Set<String> names) implements Weights {
    @Override
    public long[] shape(String name) {
        return all.shape(name);
    }

    @Override
    public DType dtype(String name) {
        return all.dtype(name);
    }

    @Override
    public Tensor open(Scope scope, String name) {
        return all.open(scope, name);
    }

    @Override
    public String origin() {
        return all.origin();
    }
}
