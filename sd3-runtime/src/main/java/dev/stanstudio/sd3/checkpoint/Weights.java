package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
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
     * Tensor {@code name} in its stored type on the CPU; {@code scope} owns it.
     *
     * @throws WeightException if there is no such tensor
     */
    Tensor open(Scope scope, String name);

    /**
     * Rows of matrix {@code name} by their numbers, [rows, columns] in its stored type on the CPU:
     * a prompt needs few rows of a large table.
     */
    default Tensor rows(Scope scope, String name, long[] rows) {
        try (Scope local = Scope.open(name)) {
            Tensor table = open(local, name);
            Tensor numbers = Tensors.of(local, rows, 1, rows.length);
            Tensor picked = Tensors.pickRows(local, table, numbers, Device.CPU, table.dtype());
            return Tensors.reshape(scope, picked, new long[] {rows.length, table.size(1)});
        }
    }

    /** Bytes of elements {@code from … from+count−1} of tensor {@code name}, row-major. */
    default byte[] bytes(String name, long from, long count) {
        try (Scope local = Scope.open(name)) {
            Tensor tensor = open(local, name);
            Tensor flat = Tensors.reshape(local, tensor, new long[] {tensor.elements()});
            return Tensors.narrow(local, flat, 0, from, from + count).toBytes();
        }
    }

    /** Frees what is kept in memory, if anything is; the next {@link #open} makes it again. */
    default void release() {}

    /** Returns the source of the tensors, for errors. */
    String origin();
}
