package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/**
 * The change ΔW [out, in] of one linear layer that is no plain LoRA, as a file holds it. Every kind
 * computes it in fp32 on the CPU, from its own tensors and, where it needs it, from the weight W
 * that it changes. Immutable and thread-safe.
 */
sealed interface WeightChange
        permits LowRankChange,
                DecomposedChange,
                HadamardChange,
                KroneckerChange,
                GeneralChange,
                WholeChange,
                StretchingChange,
                InputRotation,
                OutputRotation {
    /** Returns the kind's name, such as {@code lokr}. */
    String label();

    /** Returns the name of DoRA on this change. */
    default String decomposedLabel() {
        return label() + "-dora";
    }

    /** Returns [out, in] or a convolution's shape; 0 where the tensors do not say. */
    long[] shape();

    /** Returns r, or 0 where the kind has none. */
    default long rank() {
        return 0;
    }

    /** Returns how many numbers were trained. */
    long parameters();

    /** Returns the numbers that the change depends on beside the tensors, as a line of text. */
    String settings();

    /** Returns whether W is needed. */
    default boolean needsBase() {
        return false;
    }

    /** Returns whether the layer's bias is changed too. */
    default boolean changesBias() {
        return false;
    }

    /** Returns ΔW [out, in · kernel] in fp32; {@code scope} owns it. */
    Tensor weight(Scope scope, ChangeInput input);

    /**
     * Returns the change of the bias [out] in fp32; {@code scope} owns it. Only for kinds that
     * {@link #changesBias}.
     */
    default Tensor bias(Scope scope, ChangeInput input) {
        throw new IllegalStateException(label() + " changes no bias");
    }

    /** Returns the computations. */
    static Program program() {
        return Holder.PROGRAM;
    }

    /** Loads the program when it is needed. */
    final class Holder {
        private static final Program PROGRAM = Program.load(WeightChange.class, "change.ts.py");

        private Holder() {}
    }

    /**
     * Refuses tensors that do not fit together.
     *
     * @throws UserException with {@code what}
     */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation is for tests only.
    static void require(boolean fits, String what, Object... values) {
        if (!fits) {
            throw new UserException(what.formatted(values));
        }
    }
}
