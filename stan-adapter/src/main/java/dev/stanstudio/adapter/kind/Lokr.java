package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Kronecker product (Edalati et al. 2022, §4): h = W₀x + (α/r)·(w₁ ⊗ w₂) x, cut and begun as
 * PEFT's LoKrConfig has it. A matrix whose longer side is above 2r is a product of rank r: always
 * w₂, w₁ on request.
 *
 * @param rank r
 * @param alpha α
 * @param factor shorter side of w₁ and w₂ for outputs and for inputs, or {@link #NEAR_ROOT}
 * @param decomposeBoth whether w₁ may be a product too
 */
public record Lokr(int rank, double alpha, int factor, boolean decomposeBoth)
        implements AdapterKind {
    /** Cuts each side as evenly as it can be. */
    public static final int NEAR_ROOT = -1;

    private static final String FIRST = "lokr_w1";
    private static final String SECOND = "lokr_w2";

    /** Refuses numbers that cannot work. */
    public Lokr {
        Ranks.require(rank, alpha);
        if (factor != NEAR_ROOT && factor < 1) {
            throw new ArgumentException(
                    "--factor must be at least 1, or -1 for the most even cut, not " + factor);
        }
    }

    static Lokr of(KindOptions options, KindSizes sizes, long steps) {
        return new Lokr(
                options.rank(sizes), options.alpha(sizes), options.factor, options.decomposeBoth);
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(rank, alpha)
                .addIf(factor != NEAR_ROOT, "factor " + factor)
                .addIf(decomposeBoth, "both matrices as products")
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.LOKR;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.COMPOSED;
    }

    /** Sides [a, c] of an axis of {@code size} = a·c: a of w₁, c of w₂. */
    private long[] cut(String module, String axis, long size) {
        if (factor == NEAR_ROOT) {
            long side = (long) Math.sqrt((double) size);
            while (size % side != 0) {
                side--;
            }
            return new long[] {side, size / side};
        }
        if (size % factor != 0) {
            throw new ArgumentException(
                    "--factor %d does not divide the %d %s of %s; leave it out, or give one that divides the sides of every module"
                            .formatted(factor, size, axis, module));
        }
        return new long[] {factor, size / factor};
    }

    /** Returns whether a matrix is a product. */
    private boolean factored(long rows, long columns) {
        return 2L * rank < Math.max(rows, columns);
    }

    private List<AdapterTensor> matrix(
            String name, boolean product, long rows, long columns, boolean zero) {
        long r = rank;
        Start inner = Start.kaiming(columns);
        if (!product) {
            return List.of(
                    new AdapterTensor(name, List.of(rows, columns), zero ? Start.ZERO : inner));
        }
        return List.of(
                new AdapterTensor(
                        name + "_a", List.of(rows, r), zero ? Start.ZERO : Start.kaiming(r)),
                new AdapterTensor(name + "_b", List.of(r, columns), inner));
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        if (rank > Math.max(out, in)) {
            throw new ArgumentException(
                    "rank %d is larger than both sides of %s, %d x %d; %d makes its matrices whole"
                            .formatted(rank, module, out, in, Math.max(out, in)));
        }
        long[] rows = cut(module, "outputs", out);
        long[] columns = cut(module, "inputs", in);
        boolean both = decomposeBoth && factored(rows[0], columns[0]);
        List<AdapterTensor> all = new ArrayList<>(matrix(FIRST, both, rows[0], columns[0], true));
        boolean product = factored(rows[1], columns[1]);
        all.addAll(matrix(SECOND, product, rows[1], columns[1], false));
        return all;
    }

    @Override
    public Optional<Composition> composition(String module, long out, long in) {
        long first =
                tensors(module, out, in).stream().filter(t -> t.name().startsWith(FIRST)).count();
        return Optional.of(new Composition(Composition.Rule.LOKR, alpha / rank, List.of(first)));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, CHANGE);
    }

    @Override
    public Map<String, Object> peftFields() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("alpha", alpha);
        fields.put("alpha_pattern", Map.of());
        fields.put("decompose_both", decomposeBoth);
        fields.put("decompose_factor", factor);
        fields.put("init_weights", true);
        fields.put("module_dropout", 0.0);
        fields.put("peft_type", "LOKR");
        fields.put("r", rank);
        fields.put("rank_dropout", 0.0);
        fields.put("rank_dropout_scale", false);
        fields.put("rank_pattern", Map.of());
        fields.put("use_effective_conv2d", false);
        return fields;
    }

    @Override
    public AdapterKind resized(int size) {
        return new Lokr(size, alpha, factor, decomposeBoth);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
