package dev.stanstudio.sd3.bench;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.WeightException;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Map;
import java.util.Set;

/**
 * Random weights in memory, made when they are first used.
 *
 * @param shapes shape by name
 * @param type type of all tensors
 */
record RandomWeights(RandomNumbers numbers, Map<String, long[]> shapes, DType type)
        implements Weights {
    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public long[] shape(String name) {
        long[] shape = shapes.get(name);
        if (shape == null) {
            throw new WeightException(origin() + " have no tensor " + name);
        }
        return shape;
    }

    @Override
    public DType dtype(String name) {
        return type;
    }

    @Override
    public Tensor open(Scope scope, String name) {
        return numbers.tensor(scope, name, shape(name), type);
    }

    @Override
    public String origin() {
        return "random weights";
    }
}
