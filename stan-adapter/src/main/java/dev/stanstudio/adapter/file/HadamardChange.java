package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;

/**
 * LoHa: ΔW = c · (B₁A₁ ⊙ B₂A₂) (Hyeon-Woo et al. 2021, proposition 1).
 *
 * @param up1 B₁ [out, r]
 * @param down1 A₁ [r, in]
 * @param up2 B₂
 * @param down2 A₂
 * @param scale c
 */
record HadamardChange(
        StoredTensor up1, StoredTensor down1, StoredTensor up2, StoredTensor down2, double scale)
        implements WeightChange {
    /** Refuses factors that do not make a weight. */
    HadamardChange {
        List<Long> b = up1.info().shape();
        List<Long> a = down1.info().shape();
        boolean fits =
                b.size() == 2
                        && a.size() == 2
                        && b.get(1).equals(a.get(0))
                        && b.get(1) > 0
                        && up2.info().shape().equals(b)
                        && down2.info().shape().equals(a);
        WeightChange.require(
                fits,
                "%s: LoHa of %s: %s %s, %s %s make no weight; the factors must be [out, r] and [r,"
                        + " in]",
                up1.file().path(),
                up1.info().name(),
                b,
                a,
                up2.info().shape(),
                down2.info().shape());
    }

    @Override
    public String label() {
        return "loha";
    }

    @Override
    public long[] shape() {
        return new long[] {up1.info().shape().get(0), down1.info().shape().get(1)};
    }

    @Override
    public long rank() {
        return down1.info().shape().get(0);
    }

    @Override
    public long parameters() {
        return 2 * (up1.info().elements() + down1.info().elements());
    }

    @Override
    public String settings() {
        return Double.toHexString(scale);
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            return WeightChange.program()
                    .call(
                            scope,
                            "hadamard",
                            input.open(local, up1),
                            input.open(local, down1),
                            input.open(local, up2),
                            input.open(local, down2),
                            scale);
        }
    }
}
