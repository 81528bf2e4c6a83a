package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OFT and BOFT of LyCORIS (diag-oft, boft): the outputs are rotated, W' = Rᵀ W, and multiplied by a
 * vector if there is one.
 *
 * @param blocks [n, b, b] of OFT, [m, n, b, b] of BOFT
 * @param lengths {@code rescale} [out, 1], or null
 * @param limit α: the most that all blocks together may differ from none, for each output; 0 for no
 *     limit
 */
record OutputRotation(StoredTensor blocks, @Nullable StoredTensor lengths, double limit)
        implements WeightChange {
    /** Refuses blocks that cannot be cut. */
    OutputRotation {
        List<Long> shape = blocks.info().shape();
        int axes = shape.size();
        boolean fits =
                (axes == 3 || axes == 4)
                        && blocks.info().elements() > 0
                        && shape.get(axes - 1).equals(shape.get(axes - 2))
                        && (axes == 3 || shape.get(3) % 2 == 0);
        boolean long1 =
                fits
                        && (lengths == null
                                || lengths.info().elements()
                                        == shape.get(axes - 3) * shape.get(axes - 1));
        WeightChange.require(
                long1 && Double.isFinite(limit),
                "%s: %s %s are no blocks of a rotation",
                blocks.file().path(),
                blocks.info().name(),
                shape);
    }

    private boolean butterfly() {
        return blocks.info().shape().size() == 4;
    }

    private long out() {
        List<Long> shape = blocks.info().shape();
        return shape.get(shape.size() - 3) * shape.get(shape.size() - 1);
    }

    @Override
    public String label() {
        return butterfly() ? "boft" : "oft";
    }

    @Override
    public long[] shape() {
        return new long[] {out(), 0};
    }

    @Override
    public long parameters() {
        return blocks.info().elements() + (lengths == null ? 0 : lengths.info().elements());
    }

    @Override
    public String settings() {
        return Double.toHexString(limit);
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            Tensor w = input.weight(local);
            Tensor r = rotation(local, input);
            String method = butterfly() ? "outputs_butterflied" : "outputs_rotated";
            if (lengths == null) {
                return WeightChange.program().call(scope, method, w, r);
            }
            Tensor change = WeightChange.program().call(local, method, w, r);
            Tensor length = input.open(local, lengths);
            return WeightChange.program().call(scope, "rescaled", w, change, length);
        }
    }

    /** R = (I + Q)(I − Q)⁻¹, which is Cayley's of −Q. */
    private Tensor rotation(Scope scope, ChangeInput input) {
        Tensor stored = input.open(scope, blocks);
        Tensor q = WeightChange.program().call(scope, "skew_part", stored, -1.0);
        if (limit > 0) {
            q = WeightChange.program().call(scope, "limited", q, limit * out());
        }
        return WeightChange.program().call(scope, "cayley", q);
    }
}
