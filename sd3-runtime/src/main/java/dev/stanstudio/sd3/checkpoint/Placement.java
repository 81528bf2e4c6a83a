package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;

/**
 * Device and type of a network's computation.
 *
 * @param device where its tensors go
 * @param dtype the type it computes in: fp32, fp16, bf16 or fp64
 */
public record Placement(Device device, DType dtype) {
    /** Refuses types that only store. */
    public Placement {
        if (!dtype.computes()) {
            throw new IllegalArgumentException(
                    "networks cannot compute in " + dtype.label() + "; use fp32, fp16 or bf16");
        }
    }

    /** Tensor {@code name}, cast and moved; memory is shared when nothing changes. */
    public Tensor load(Scope scope, Weights weights, String name) {
        return load(scope, weights, name, dtype);
    }

    /** Tensor {@code name} moved here as {@code type}. */
    public Tensor load(Scope scope, Weights weights, String name, DType type) {
        if (weights.dtype(name) == type && !device.isCuda()) {
            return weights.open(scope, name);
        }
        try (Scope local = Scope.open(name)) {
            return Tensors.to(scope, weights.open(local, name), device, type);
        }
    }
}
