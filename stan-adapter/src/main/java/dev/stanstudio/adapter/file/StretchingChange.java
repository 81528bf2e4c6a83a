package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;

/**
 * IA3 (Liu et al. 2022, §3.3): the outputs or the inputs of a layer, each times a number.
 *
 * @param vector l
 * @param onInputs whether the inputs are multiplied
 * @param writer whose convention l follows
 */
record StretchingChange(StoredTensor vector, boolean onInputs, Writer writer)
        implements WeightChange {
    /** The programs that write IA3. */
    enum Writer {
        /** Multiplies by l; outputs with their bias. */
        PEFT(1, true),
        /** Multiplies by 1 + l; outputs without their bias. */
        LYCORIS(0, false);

        private final double neutral;
        private final boolean biased;

        Writer(double neutral, boolean biased) {
            this.neutral = neutral;
            this.biased = biased;
        }
    }

    /** Refuses a vector that is none. */
    StretchingChange {
        long longest = vector.info().shape().stream().mapToLong(n -> n).max().orElse(0);
        WeightChange.require(
                longest > 0 && longest == vector.info().elements(),
                "%s: IA3 of %s: %s is no vector",
                vector.file().path(),
                vector.info().name(),
                vector.info().shape());
    }

    @Override
    public String label() {
        return "ia3";
    }

    @Override
    public long[] shape() {
        long size = vector.info().elements();
        return onInputs ? new long[] {0, size} : new long[] {size, 0};
    }

    @Override
    public long parameters() {
        return vector.info().elements();
    }

    @Override
    public String settings() {
        return writer + (onInputs ? " in" : " out");
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public boolean changesBias() {
        return writer.biased && !onInputs;
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            return stretched(scope, local, input, input.weight(local));
        }
    }

    @Override
    public Tensor bias(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            Tensor change = stretched(local, local, input, input.bias(local));
            return Tensors.reshape(scope, change, new long[] {change.elements()});
        }
    }

    private Tensor stretched(Scope scope, Scope local, ChangeInput input, Tensor w) {
        return WeightChange.program()
                .call(
                        scope,
                        "stretched",
                        w,
                        input.open(local, vector),
                        writer.neutral,
                        onInputs ? 1 : 0);
    }
}
