package dev.stanstudio.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/**
 * Rectified flow (Liu et al. 2022; Esser et al. 2024, §2): the path z = (1 − σ)x + σn between data
 * x and noise n, and the loss of a velocity v that should be n − x. Tensors are [B, C, H, W];
 * results belong to the scope that is passed.
 */
public final class RectifiedFlow {
    private static final class Holder {
        static final Program PROGRAM = Program.load(RectifiedFlow.class, "flow.ts.py");
    }

    private RectifiedFlow() {}

    /** z at the noise levels {@code sigmas} [B] in {@code dtype}. */
    public static Tensor noisy(
            Scope scope, Tensor data, Tensor noise, double[] sigmas, DType dtype) {
        return Holder.PROGRAM.call(scope, "noisy", data, noise, sigmas, dtype.scalarType());
    }

    /** The mean of (v − (n − x))² in fp32. */
    public static Tensor loss(Scope scope, Tensor velocity, Tensor data, Tensor noise) {
        return Holder.PROGRAM.call(scope, "loss", velocity, data, noise);
    }

    /** Rows {@code ids} [B] of {@code table}. */
    public static Tensor pick(Scope scope, Tensor table, Tensor ids) {
        return Holder.PROGRAM.call(scope, "pick", table, ids);
    }

    /**
     * z after one Euler step with classifier-free guidance.
     *
     * @param velocity [2B, C, H, W], without the prompt, then with it
     * @param step change of σ, below 0 on the way to the picture
     */
    public static Tensor euler(
            Scope scope, Tensor z, Tensor velocity, double guidance, double step) {
        return Holder.PROGRAM.call(scope, "euler", z, velocity, guidance, step);
    }
}
