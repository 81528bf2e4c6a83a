package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.base.ArgumentException;
import java.util.List;

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
    /** Name in files and on the command line. */
    public static final String LABEL = "sparse";

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
                    "blocks must have side 1 or 16 and steps be at least 1, not "
                            + block
                            + ", "
                            + interval);
        }
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public boolean goesOn() {
        return false;
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        if (out % block != 0 || in % block != 0) {
            throw new ArgumentException(
                    module + " of [" + out + ", " + in + "] cannot be cut into blocks of 16");
        }
        return List.of(new AdapterTensor(DELTA, List.of(out, in), Start.ZERO));
    }

    /** The mask is no parameter; whoever trains adds it as the gate. */
    @Override
    public ProjectionPart part(String module, long out, long in) {
        return new ProjectionPart(Form.DENSE, out, out, Selection.VALUE, 1, DELTA, null, MASK, 0);
    }

    /** Blocks or single numbers that stay of a weight [{@code out}, {@code in}], at least one. */
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
