package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Optional;

/**
 * A sparse change of the weight itself: h = (W₀ + Ŵ ⊙ M)x (Arnob et al. 2025, "Exploring Sparse
 * Adapters for Scalable Merging of Parameter Efficient Experts"). In the first epoch the mask M is
 * chosen anew every {@code interval} steps from the connection sensitivity Ŵ ⊙ ∂L/∂Ŵ; then it
 * stays.
 *
 * @param keptPerThousand numbers of a weight that change, of a thousand
 * @param block side of the squares that are kept or dropped as one: 1 or 16
 * @param signed whether the sensitivity is ranked with its sign, as the authors' program does, or
 *     by its absolute value, as SNIP does (Lee et al. 2019)
 * @param interval steps between two choices in the first epoch
 */
public record SparseMask(int keptPerThousand, int block, boolean signed, int interval)
        implements AdapterKind {
    /** Tensor name of Ŵ [out, in]. */
    public static final String DELTA = "sparse_delta";

    /** Tensor name of M [out, in]. */
    public static final String MASK = "sparse_mask";

    private static final int WHOLE = 1000;
    private static final int SQUARE = 16;

    /** Refuses numbers that cannot work. */
    public SparseMask {
        if (keptPerThousand < 1 || keptPerThousand > WHOLE) {
            throw new ArgumentException(
                    "kept numbers must be 1 … 1000 per thousand, not " + keptPerThousand);
        }
        if ((block != 1 && block != SQUARE) || interval < 1) {
            throw new ArgumentException(
                    "blocks must have side 1 or 16 and steps be at least 1, not %d, %d"
                            .formatted(block, interval));
        }
    }

    static SparseMask of(KindOptions options, KindSizes sizes, long steps) {
        int kept = (int) Math.round(options.keep * WHOLE);
        return new SparseMask(kept, options.blockSide, !options.absolute, options.maskEvery);
    }

    @Override
    public String words() {
        return new SettingWords()
                .add("%d of 1000 numbers change".formatted(keptPerThousand))
                .addIf(block > 1, "in squares of %d".formatted(block))
                .add(signed ? "ranked with their sign" : "ranked by size")
                .add("chosen anew every %d steps at first".formatted(interval))
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.SPARSE;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.MASKED;
    }

    @Override
    public <H> H hook(HookFactory<H> hooks) {
        return hooks.maskSelection(this);
    }

    @Override
    public Joining joining() {
        return Joining.MASKS;
    }

    @Override
    public String whyNoLora() {
        return "is a sparse mask of full rank; 'studio adapter merge --rank R' writes the LoRA of"
                + " rank R that comes nearest";
    }

    /** Returns the mask M, whole until the first choice. */
    @Override
    public Optional<AdapterTensor> state(String module, long out, long in) {
        Start whole = new Start(AdapterTensor.Distribution.CONSTANT, 1);
        return Optional.of(new AdapterTensor(MASK, List.of(out, in), whole));
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        if (out % block != 0 || in % block != 0) {
            throw new ArgumentException(
                    "%s of [%s, %s] cannot be cut into blocks of 16".formatted(module, out, in));
        }
        return List.of(new AdapterTensor(DELTA, List.of(out, in), Start.ZERO));
    }

    /** Returns the change alone; while it is trained, the state is its gate. */
    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, DELTA);
    }

    /**
     * Counts the blocks or single numbers that stay of a weight [{@code out}, {@code in}], at least
     * one.
     */
    public long kept(long out, long in) {
        long cells = out * in / ((long) block * block);
        return Math.max(1, cells * keptPerThousand / WHOLE);
    }

    @Override
    public long parameters(String module, long out, long in) {
        return kept(out, in) * block * block;
    }

    @Override
    public AdapterKind resized(int size) {
        return new SparseMask(size, block, signed, interval);
    }

    @Override
    public long largestSize(long out, long in) {
        return WHOLE;
    }
}
