package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;

/**
 * DoRA (Liu et al. 2024): W' = m · (W + ΔV) / ‖W + ΔV‖, the norm of each row, or of each column
 * where LyCORIS was told so ({@code wd_on_output=False}).
 *
 * @param direction ΔV
 * @param magnitude m, [out] or [out, 1] of rows, [1, in] of columns
 * @param axis that the norm is over: 1 for rows, 0 for columns
 */
record DecomposedChange(WeightChange direction, StoredTensor magnitude, int axis)
        implements WeightChange {
    /** Refuses magnitudes of another number than rows or columns. */
    DecomposedChange {
        long[] shape = direction.shape();
        WeightChange.require(
                magnitude.info().elements() == shape[1 - axis],
                "%s: %s %s does not fit a weight [%s, %s]",
                magnitude.file().path(),
                magnitude.info().name(),
                magnitude.info().shape(),
                shape[0],
                shape[1]);
    }

    /** Returns the change with the axis that the shape of {@code magnitude} tells. */
    static DecomposedChange of(WeightChange direction, StoredTensor magnitude) {
        List<Long> shape = magnitude.info().shape();
        boolean columns = shape.size() > 1 && shape.get(0) == 1 && direction.shape()[0] != 1;
        return new DecomposedChange(direction, magnitude, columns ? 0 : 1);
    }

    @Override
    public String label() {
        return direction.decomposedLabel();
    }

    @Override
    public long[] shape() {
        return direction.shape();
    }

    @Override
    public long rank() {
        return direction.rank();
    }

    @Override
    public long parameters() {
        return direction.parameters() + magnitude.info().elements();
    }

    @Override
    public String settings() {
        return direction.settings();
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            return WeightChange.program()
                    .call(
                            scope,
                            "decomposed",
                            input.weight(local),
                            direction.weight(local, input),
                            input.open(local, magnitude),
                            axis);
        }
    }
}
