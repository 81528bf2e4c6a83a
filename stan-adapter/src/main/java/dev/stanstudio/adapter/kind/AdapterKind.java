package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.project.ProjectionPart;
import java.util.List;

/**
 * A kind of adapter with its settings. An adapter is data: a kind says which tensors a module's
 * adapter has, how they begin and how they enter the projection. Immutable.
 *
 * <p>Letters: W₀ [m, n] the frozen weight, l features, k of them kept, r rank.
 */
public sealed interface AdapterKind permits Stan, Lora, AdaLora, Sora, SparseMask {
    /** The name in files and on the command line. */
    String label();

    /**
     * What is trained for a module of weight [{@code out}, {@code in}].
     *
     * @throws dev.stanstudio.base.ArgumentException if the settings do not fit the weight
     */
    List<AdapterTensor> tensors(String module, long out, long in);

    /** How those tensors enter the projection. */
    ProjectionPart part(String module, long out, long in);

    /**
     * Whether a training can begin with a finished adapter of the kind. Kinds that choose while
     * they train which ranks or numbers change would choose anew.
     */
    default boolean goesOn() {
        return true;
    }

    /** Numbers that the adapter of one module has learnt when it is done. */
    default long parameters(String module, long out, long in) {
        return tensors(module, out, in).stream().mapToLong(AdapterTensor::elements).sum();
    }

    /**
     * The same kind with another size: l for STAN (k keeps its share of l), r for the low-rank
     * kinds, kept numbers per thousand for the sparse mask. Sizes of single modules are dropped.
     */
    AdapterKind resized(int size);

    /** The largest size that makes sense for a module of weight [{@code out}, {@code in}]. */
    long largestSize(long out, long in);
}
