package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.training.RectifiedFlow;
import org.jspecify.annotations.Nullable;

/** Defines the loss of a training on rectified flow; {@code toString} tells losses apart. */
public sealed interface Objective permits FlowObjective, PreferenceObjective {
    /**
     * Inputs and answers of one step. Rows belong together as the objective says.
     *
     * @param velocity that the network answered for {@code noisy} [B, C, H, W]
     * @param reference the same of the network without adapter; null where the objective asks for
     *     none
     * @param noisy x in fp32
     * @param clean z
     * @param noise ε
     * @param emphasis what rows and places count
     */
    record Answer(
            Tensor velocity,
            @Nullable Tensor reference,
            Tensor noisy,
            Tensor clean,
            Tensor noise,
            Emphasis emphasis) {
        /** All rows and places alike. */
        Answer(
                Tensor velocity,
                @Nullable Tensor reference,
                Tensor noisy,
                Tensor clean,
                Tensor noise) {
            this(velocity, reference, noisy, clean, noise, Emphasis.NONE);
        }
    }

    /** Returns whether the loss compares with the network without adapter. */
    boolean needsReference();

    /** Returns the loss, one number in fp32 that {@code scope} owns; a level for each row. */
    Tensor loss(Scope scope, Answer answer, double[] sigmas);

    /** x = (1 − σ)z + σε in fp32, a level for each row. */
    default Tensor noisy(Scope scope, Tensor clean, Tensor noise, double[] sigmas) {
        return RectifiedFlow.noisy(scope, clean, noise, sigmas, DType.FP32);
    }
}
