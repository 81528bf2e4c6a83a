package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OFT and BOFT of PEFT (Qiu et al. 2023, Liu et al. 2023): W' = W Rᵀ, with R of orthogonal blocks
 * by Cayley's transform; BOFT multiplies the rows by a vector besides.
 *
 * @param blocks OFT: numbers above the diagonals, [n, b (b − 1) / 2]; BOFT: [m, n, b, b]
 * @param lengths BOFT's vector [out, 1], or null for OFT
 * @param rule how the blocks become orthogonal
 */
record InputRotation(StoredTensor blocks, @Nullable StoredTensor lengths, Rule rule)
        implements WeightChange {
    /**
     * Fields of PEFT's OFTConfig.
     *
     * @param shared whether one block serves all inputs ({@code block_share})
     * @param terms of the series in place of Cayley's inverse, or 0 for the inverse itself ({@code
     *     use_cayley_neumann}, {@code num_cayley_neumann_terms})
     * @param eps the most that blocks may differ from none, or 0 ({@code coft}, {@code eps})
     */
    record Rule(boolean shared, int terms, double eps) {
        /** BOFT's. */
        static final Rule EXACT = new Rule(false, 0, 0);
    }

    /** Refuses blocks that cannot be cut. */
    InputRotation {
        List<Long> shape = blocks.info().shape();
        boolean oft = shape.size() == 2 && side(shape) > 0;
        boolean butterfly =
                shape.size() == 4
                        && shape.get(2).equals(shape.get(3))
                        && lengths != null
                        && isColumn(lengths.info().shape())
                        && shape.get(0) < Long.SIZE
                        && (shape.get(0) == 1
                                || (shape.get(2) % 2 == 0
                                        && shape.get(1) % (1L << (shape.get(0) - 1)) == 0));
        WeightChange.require(
                blocks.info().elements() > 0 && (lengths == null ? oft : butterfly),
                "%s: %s %s are no blocks of a rotation",
                blocks.file().path(),
                blocks.info().name(),
                shape);
    }

    /** Returns whether a tensor is [n], [n, 1], …, not a single number without an axis. */
    private static boolean isColumn(List<Long> shape) {
        return !shape.isEmpty() && shape.stream().skip(1).allMatch(size -> size == 1);
    }

    /** Returns b for b (b − 1) / 2 numbers, or 0. */
    private static long side(List<Long> shape) {
        long numbers = shape.get(1);
        long side = Math.round((1 + Math.sqrt(1 + 8.0 * numbers)) / 2);
        return side * (side - 1) / 2 == numbers ? side : 0;
    }

    @Override
    public String label() {
        return lengths == null ? "oft" : "boft";
    }

    @Override
    public long[] shape() {
        List<Long> shape = blocks.info().shape();
        if (lengths != null) {
            return new long[] {lengths.info().elements(), shape.get(1) * shape.get(2)};
        }
        return new long[] {0, rule.shared() ? 0 : shape.get(0) * side(shape)};
    }

    @Override
    public long parameters() {
        return blocks.info().elements() + (lengths == null ? 0 : lengths.info().elements());
    }

    @Override
    public String settings() {
        return rule.toString();
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public Tensor weight(Scope scope, ChangeInput input) {
        try (Scope local = Scope.open(label())) {
            Tensor w = input.weight(local);
            Tensor stored = input.open(local, blocks);
            if (lengths != null) {
                Tensor q = WeightChange.program().call(local, "skew_part", stored, 0.5);
                Tensor r = WeightChange.program().call(local, "cayley", q);
                Tensor s = input.open(local, lengths);
                return WeightChange.program().call(scope, "inputs_butterflied", w, r, s);
            }
            return WeightChange.program().call(scope, "inputs_rotated", w, rotation(local, stored));
        }
    }

    private Tensor rotation(Scope scope, Tensor stored) {
        long side = side(blocks.info().shape());
        Tensor q = WeightChange.program().call(scope, "skew", stored, side);
        if (rule.eps() > 0) {
            q = WeightChange.program().call(scope, "limited_blocks", q, rule.eps());
        }
        return rule.terms() == 0
                ? WeightChange.program().call(scope, "cayley", q)
                : WeightChange.program().call(scope, "cayley_series", q, rule.terms());
    }
}
