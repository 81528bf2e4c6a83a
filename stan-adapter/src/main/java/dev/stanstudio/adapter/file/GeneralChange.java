package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;

/**
 * GLoRA as LyCORIS has it (Chavan et al. 2023): ΔW = c · (W a₁a₂ + b₁b₂).
 *
 * @param inUp a₁ [in, r]
 * @param inDown a₂ [r, in]
 * @param outUp b₁ [out, r]
 * @param outDown b₂ [r, in]
 * @param scale c
 */
record GeneralChange(
        StoredTensor inUp,
        StoredTensor inDown,
        StoredTensor outUp,
        StoredTensor outDown,
        double scale)
        implements WeightChange {
    /** Refuses factors that do not make a weight. */
    GeneralChange {
        List<Long> a1 = inUp.info().shape();
        List<Long> a2 = inDown.info().shape();
        List<Long> b1 = outUp.info().shape();
        List<Long> b2 = outDown.info().shape();
        boolean fits =
                List.of(a1, a2, b1, b2).stream().allMatch(shape -> shape.size() == 2)
                        && a1.get(1).equals(a2.get(0))
                        && a1.get(0).equals(a2.get(1))
                        && b1.get(1).equals(b2.get(0))
                        && b2.get(1).equals(a2.get(1))
                        && inUp.info().elements() > 0
                        && outUp.info().elements() > 0;
        WeightChange.require(
                fits,
                "%s: GLoRA of %s: a1 %s, a2 %s, b1 %s, b2 %s make no weight; they must be [in, r],"
                        + " [r, in], [out, r] and [r, in]",
                inUp.file().path(),
                inUp.info().name(),
                a1,
                a2,
                b1,
                b2);
    }

    @Override
    public String label() {
        return "glora";
    }

    @Override
    public long[] shape() {
        return new long[] {outUp.info().shape().get(0), outDown.info().shape().get(1)};
    }

    @Override
    public long rank() {
        return outDown.info().shape().get(0);
    }

    @Override
    public long parameters() {
        return inUp.info().elements()
                + inDown.info().elements()
                + outUp.info().elements()
                + outDown.info().elements();
    }

    @Override
    public String settings() {
        return Double.toHexString(scale);
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
                            "general",
                            input.weight(local),
                            input.open(local, inUp),
                            input.open(local, inDown),
                            input.open(local, outUp),
                            input.open(local, outDown),
                            scale);
        }
    }
}
