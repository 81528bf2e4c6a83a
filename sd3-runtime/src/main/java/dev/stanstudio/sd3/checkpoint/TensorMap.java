package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tensors in memory as the weights of a network; their owner keeps them. Thread-safe.
 *
 * @param origin where they come from, for errors
 * @param tensors by name, in order
 */
public record TensorMap(String origin, Map<String, Tensor> tensors) implements Weights {
    /** Keeps its own copy of the map. */
    public TensorMap {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public long[] shape(String name) {
        return get(name).shape();
    }

    @Override
    public DType dtype(String name) {
        return get(name).dtype();
    }

    @Override
    public Tensor open(Scope owner, String name) {
        return Tensors.share(owner, get(name));
    }

    private Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new WeightException(origin + " have no tensor " + name);
        }
        return tensor;
    }
}
