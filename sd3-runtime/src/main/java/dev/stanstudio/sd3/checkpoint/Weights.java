package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.Set;

/**
 * The tensors of one network as a checkpoint stores them, under the names diffusers gives them,
 * whatever the layout of the files. Thread-safe.
 */
public interface Weights {
    /** All names. */
    Set<String> names();

    /** The shape of tensor {@code name}. */
    long[] shape(String name);

    /** The stored type of tensor {@code name}. */
    DType dtype(String name);

    /**
     * Tensor {@code name} in its stored type on the CPU, mapped from the file where that is
     * possible; {@code scope} owns it.
     *
     * @throws WeightException if there is no such tensor
     */
    Tensor open(Scope scope, String name);

    /** Frees what is kept in memory, if anything is; the next {@link #open} makes it again. */
    default void release() {}

    /** Returns the source of the tensors, for errors. */
    String origin();
}
