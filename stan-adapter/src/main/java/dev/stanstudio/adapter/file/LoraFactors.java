package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Set;

/**
 * A and B of a file as they are computed with: 8-bit floats, which have no arithmetic, widened to
 * fp32, and AdaLoRA's singular values multiplied into B, so that B·A is the change. Thread-safe.
 *
 * @param stored as they lie in the file
 * @param valued modules that have a tensor {@code <module>.lora_E}
 */
record LoraFactors(Weights stored, Set<String> valued) implements Weights {
    static final String VALUES = ".lora_E";

    /** Keeps a copy of the set. */
    LoraFactors {
        valued = Set.copyOf(valued);
    }

    @Override
    public Set<String> names() {
        return stored.names();
    }

    @Override
    public long[] shape(String name) {
        return stored.shape(name);
    }

    @Override
    public DType dtype(String name) {
        DType type = stored.dtype(name);
        boolean narrow = type == DType.FP8_E4M3 || type == DType.FP8_E5M2;
        return narrow || isValued(name) ? DType.FP32 : type;
    }

    private boolean isValued(String name) {
        return name.endsWith(LoraAdapter.UP) && valued.contains(module(name));
    }

    private static String module(String name) {
        return name.substring(0, name.length() - LoraAdapter.UP.length());
    }

    @Override
    public Tensor open(Scope scope, String name) {
        if (isValued(name)) {
            return valued(scope, name);
        }
        if (dtype(name) == stored.dtype(name)) {
            return stored.open(scope, name);
        }
        try (Scope local = Scope.open(name)) {
            return Tensors.to(scope, stored.open(local, name), Device.CPU, DType.FP32);
        }
    }

    /** B diag(E): the columns of B [out, r], each times its singular value (Zhang et al. 2023). */
    private Tensor valued(Scope scope, String name) {
        try (Scope local = Scope.open(name)) {
            float[] numbers = floats(local, name);
            float[] values = floats(local, module(name) + VALUES);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= values[i % values.length];
            }
            return Tensors.of(scope, numbers, shape(name));
        }
    }

    private float[] floats(Scope local, String name) {
        return Tensors.to(local, stored.open(local, name), Device.CPU, DType.FP32).toFloats();
    }

    @Override
    public String origin() {
        return stored.origin();
    }
}
