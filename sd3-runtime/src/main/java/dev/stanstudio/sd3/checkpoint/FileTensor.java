package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
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

    /** Returns the tensor on the CPU, from the map that {@code files} keeps. */
    Tensor open(Scope owner, TensorFiles files);

    /** Returns at most {@code most} bytes from the middle of the tensor's bytes. */
    ByteBuffer sample(int most);
}
