package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A weight that was trained whole (LyCORIS full): ΔW and Δb themselves.
 *
 * @param difference ΔW [out, in], or of a convolution
 * @param biasDifference Δb [out], or null
 */
record WholeChange(StoredTensor difference, @Nullable StoredTensor biasDifference)
        implements WeightChange {
    /** Refuses what is no weight, such as a norm's. */
    WholeChange {
        List<Long> shape = difference.info().shape();
        List<Long> bias = biasDifference == null ? List.of() : biasDifference.info().shape();
        boolean fits =
                shape.size() >= 2
                        && difference.info().elements() > 0
                        && (biasDifference == null || bias.equals(shape.subList(0, 1)));
        WeightChange.require(
                fits,
                "%s: %s %s and its bias %s are no difference of a linear layer",
                difference.file().path(),
                difference.info().name(),
                shape,
                bias);
    }

    @Override
    public String label() {
        return "full";
    }

    @Override
    public long[] shape() {
        return difference.info().shape().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public long parameters() {
        return difference.info().elements()
                + (biasDifference == null ? 0 : biasDifference.info().elements());
    }

    @Override
    public String settings() {
        return "";
    }

    @Override
    public boolean changesBias() {
        return biasDifference != null;
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            Tensor change = input.open(local, difference);
            long out = change.size(0);
            return Tensors.reshape(scope, change, new long[] {out, change.elements() / out});
        }
    }

    @Override
    public Tensor bias(Scope scope, ChangeInput input) {
        return biasDifference == null
                ? WeightChange.super.bias(scope, input)
                : input.open(scope, biasDifference);
    }
}
