package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LoKr: ΔW = c · (w₁ ⊗ w₂) (Edalati et al. 2022, §4), each of the two whole or a product.
 *
 * @param first w₁ [a, b]
 * @param second w₂ [c, d]
 * @param scale c
 */
record KroneckerChange(Factor first, Factor second, double scale) implements WeightChange {
    /**
     * One of the two: {@code up} alone, or {@code up} [a, r] times {@code down} [r, b].
     *
     * @param down null where the matrix is whole
     */
    record Factor(StoredTensor up, @Nullable StoredTensor down) {
        /** Refuses shapes that make no matrix. */
        Factor {
            List<Long> left = up.info().shape();
            List<Long> right = down == null ? left : down.info().shape();
            boolean fits =
                    left.size() == 2
                            && right.size() == 2
                            && (down == null || left.get(1).equals(right.get(0)))
                            && up.info().elements() > 0;
            WeightChange.require(
                    fits,
                    "%s: LoKr of %s: %s and %s make no matrix; only linear layers are read",
                    up.file().path(),
                    up.info().name(),
                    left,
                    right);
        }

        long rows() {
            return up.info().shape().get(0);
        }

        long columns() {
            return (down == null ? up : down).info().shape().get(1);
        }

        /** Returns r, or 0 where the matrix is whole. */
        long rank() {
            return down == null ? 0 : down.info().shape().get(0);
        }

        long elements() {
            return up.info().elements() + (down == null ? 0 : down.info().elements());
        }

        Tensor open(Scope scope, ChangeInput input) {
            Tensor left = input.open(scope, up);
            return down == null
                    ? left
                    : WeightChange.program()
                            .call(scope, "low_rank", left, input.open(scope, down), 1.0);
        }
    }

    @Override
    public String label() {
        return "lokr";
    }

    @Override
    public long[] shape() {
        return new long[] {
            first.rows() * second.rows(), first.columns() * second.columns(),
        };
    }

    @Override
    public long rank() {
        return Math.max(first.rank(), second.rank());
    }

    @Override
    public long parameters() {
        return first.elements() + second.elements();
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
                            "kronecker",
                            first.open(local, input),
                            second.open(local, input),
                            scale);
        }
    }
}
