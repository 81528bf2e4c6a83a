package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.project.ProjectionPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of adapter with its settings. A kind defines the tensors of a module's adapter, their
 * initial values and how they enter the projection. Everything that differs between kinds is a
 * method here, so that no other class asks which kind it has. Immutable.
 *
 * <p>Letters: W₀ [m, n] the frozen weight, l features, k of them active for a token, r rank.
 */
public sealed interface AdapterKind
        permits Stan, Lora, AdaLora, Sora, SparseMask, Dora, Loha, Lokr, Oft, Boft {
    /** Tensor name of a change that is computed from the others. */
    String CHANGE = "change";

    /** Returns the kind's name. */
    KindName name();

    /** Returns the name in files and on the command line. */
    default String label() {
        return name().label();
    }

    /** Returns the settings in words, with commas between: {@code rank 6, alpha 6}. */
    String words();

    /**
     * Lists the trained tensors of a module of weight [{@code out}, {@code in}].
     *
     * @throws dev.stanstudio.base.ArgumentException if the settings do not fit the weight
     */
    List<AdapterTensor> tensors(String module, long out, long in);

    /**
     * Returns the tensor of a module that rules change during training instead of gradients, if
     * there is one; it enters the projection as the gate.
     */
    default Optional<AdapterTensor> state(String module, long out, long in) {
        return Optional.empty();
    }

    /**
     * Returns how the change of a weight [{@code out}, {@code in}] is computed from the trained
     * tensors, if it is the change that enters the projection, as {@link #CHANGE}, and not they.
     */
    default Optional<Composition> composition(String module, long out, long in) {
        return Optional.empty();
    }

    /** Returns the fields of PEFT's configuration, for {@link TensorStorage#COMPOSED}. */
    default Map<String, Object> peftFields() {
        return Map.of();
    }

    /** Returns how the trained tensors enter the projection. */
    ProjectionPart part(String module, long out, long in);

    /** Returns whether a training may leave out some of the inputs (PEFT's lora_dropout). */
    default boolean dropsInputs() {
        return false;
    }

    /** Returns how the tensors are stored in a folder. */
    default TensorStorage storage() {
        return TensorStorage.PLAIN;
    }

    /** Makes the hook that runs in training besides the gradient step. */
    default <H> H hook(HookFactory<H> hooks) {
        return hooks.noHook();
    }

    /** Returns how several adapters become one. */
    default Joining joining() {
        return Joining.RANKS;
    }

    /** Returns why no file of a LoRA can hold the adapter, as the rest of a sentence. */
    default String whyNoLora() {
        return "is of kind %s; 'studio adapter merge' writes it as a LoRA, its gates in B"
                .formatted(label());
    }

    /**
     * Lists the trained tensors that make outputs of what others read from the inputs, such as B of
     * B A: those that LoRA+ gives a rate of their own.
     */
    default List<String> outputTensors(String module, long out, long in) {
        return Stream.ofNullable(part(module, out, in).decoder()).toList();
    }

    /** Counts the trained numbers of one module that are left in the end. */
    default long parameters(String module, long out, long in) {
        return tensors(module, out, in).stream().mapToLong(AdapterTensor::elements).sum();
    }

    /**
     * Returns the same kind with another size: l for STAN (k keeps its share of l), r for the
     * low-rank kinds, nonzero numbers per thousand for the sparse mask. Sizes of single modules are
     * dropped.
     */
    AdapterKind resized(int size);

    /** Returns whether the size suits a weight [{@code out}, {@code in}]. */
    default boolean fits(long out, long in) {
        return true;
    }

    /**
     * Returns the largest size that makes sense for a module of weight [{@code out}, {@code in}].
     */
    long largestSize(long out, long in);
}
