package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.HeldFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A tensor in a checkpoint's file, whatever its format. Immutable and thread-safe. */
public sealed interface FileTensor permits SafeTensor, GgufTensor {
    /** Returns the file. */
    Path path();

    /** Returns the name in the file. */
    String name();

    /** Returns the sizes of the axes, outermost first. */
    List<Long> shape();

    /** Returns the file's name for the type. */
    String typeName();

    /**
     * Returns the type of the opened tensor.
     *
     * @throws WeightException if libtorch has none for it
     */
    DType dtype();

    /** Returns the size in the file. */
    long byteSize();

    /** Returns the file's header, which is the same object for all tensors of the file. */
    Object file();

    /** Opens the file that the header was read from. */
    HeldFile hold();

    /** Returns the place of its first byte in the file. */
    long begin();

    /** Returns whether the file holds the numbers as {@link #open} gives them. */
    boolean isPlain();

    /** Returns the tensor on the CPU. */
    default Tensor open(Scope owner, TensorFiles files) {
        return rows(owner, files, 0, shape().isEmpty() ? 1 : shape().get(0));
    }

    /** Returns rows {@code from … to−1} of the first axis on the CPU; a scalar has one row. */
    Tensor rows(Scope owner, TensorFiles files, long from, long to);

    /** Returns the shape of {@code rows} rows. */
    default long[] shapeOf(long rows) {
        long[] sizes = shape().stream().mapToLong(Long::longValue).toArray();
        if (sizes.length > 0) {
            sizes[0] = rows;
        }
        return sizes;
    }

    /** Returns at most {@code most} bytes from the middle of the tensor's bytes. */
    ByteBuffer sample(int most);
}
