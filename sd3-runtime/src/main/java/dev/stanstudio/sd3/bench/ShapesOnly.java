package dev.stanstudio.sd3.bench;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Weights of a published model that nobody has: names and shapes, stored in bf16.
 *
 * @param shapes by name
 */
record ShapesOnly(Map<String, long[]> shapes) implements Weights {
    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public long[] shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name);
    }

    @Override
    public DType dtype(String name) {
        return DType.BF16;
    }

    @Override
    public Tensor open(Scope scope, String name) {
        throw new IllegalStateException(name + " is a shape without numbers");
    }

    @Override
    public String origin() {
        return "published shapes";
    }
}
