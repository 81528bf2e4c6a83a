package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/**
 * A random generator equal to {@code torch.Generator("cpu").manual_seed(seed)}: consecutive draws
 * continue one sequence. Each generation owns its own, so that parallel requests never share one;
 * not thread-safe.
 */
public final class RandomSource extends NativeHandle {
    private RandomSource(IValue value) {
        super(value);
    }

    /** A generator seeded with {@code seed}, owned by {@code scope}. */
    public static RandomSource seeded(Scope scope, long seed) {
        return scope.own(
                new RandomSource(CoreOps.program().invoke("generator", IValue.from(seed))));
    }

    /**
     * Draws standard normal numbers as {@code torch.randn(shape, generator=…, dtype=…)} does on the
     * CPU (torch's ATen/native/cpu/DistributionTemplates.h: fewer than 16 numbers, and a last block
     * cut short, are drawn another way).
     */
    public Tensor normal(Scope scope, long[] shape, DType dtype) {
        return CoreOps.program().call(scope, "normal", this, shape, dtype.scalarType());
    }

    /** Draws numbers of 0 … 1 as {@code torch.rand(shape, generator=…, dtype=…)} does. */
    public Tensor uniform(Scope scope, long[] shape, DType dtype) {
        return CoreOps.program().call(scope, "uniform", this, shape, dtype.scalarType());
    }
}
