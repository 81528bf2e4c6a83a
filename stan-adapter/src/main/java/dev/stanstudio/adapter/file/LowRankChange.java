package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;

/**
 * ΔW = c · B A (Hu et al. 2021, §4.1), where more is done to it than to a plain LoRA.
 *
 * @param down A [r, in]
 * @param up B [out, r]
 * @param scale c
 */
record LowRankChange(StoredTensor down, StoredTensor up, double scale) implements WeightChange {
    @Override
    public String label() {
        return "low-rank";
    }

    @Override
    public String decomposedLabel() {
        return "dora";
    }

    @Override
    public long[] shape() {
        return new long[] {up.info().shape().get(0), down.info().shape().get(1)};
    }

    @Override
    public long rank() {
        return down.info().shape().get(0);
    }

    @Override
    public long parameters() {
        return down.info().elements() + up.info().elements();
    }

    @Override
    public String settings() {
        return Double.toHexString(scale);
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            return WeightChange.program()
                    .call(scope, "low_rank", input.open(local, up), input.open(local, down), scale);
        }
    }
}
