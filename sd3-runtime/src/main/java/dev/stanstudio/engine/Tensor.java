package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;

/**
 * A tensor in libtorch's memory. Users must not change it; programs change in place only tensors
 * that they made themselves. Owned by the {@link Scope} it was made in; may be read by several
 * threads.
 */
public final class Tensor extends NativeHandle {
    private volatile long @org.jspecify.annotations.Nullable [] shape;
    private volatile @org.jspecify.annotations.Nullable DType dtype;

    Tensor(IValue value) {
        super(value);
    }

    /** The sizes of the axes; empty for a scalar. */
    public long[] shape() {
        long[] known = shape;
        if (known == null) {
            known = CoreOps.shape(this);
            shape = known;
        }
        return known.clone();
    }

    /** Size of axis {@code axis}; negative numbers count from the end. */
    public long size(int axis) {
        long[] sizes = shape();
        return sizes[axis < 0 ? axis + sizes.length : axis];
    }

    /** Number of elements. */
    public long elements() {
        return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
    }

    /** The element type. */
    public DType dtype() {
        DType known = dtype;
        if (known == null) {
            known = CoreOps.dtype(this);
            dtype = known;
        }
        return known;
    }

    /** Bytes of the elements. */
    public long bytes() {
        return elements() * dtype().bytes();
    }

    /**
     * Copies the elements to Java as floats, row-major, whatever the type and device.
     *
     * @throws EngineException if the tensor has more than 2³¹−1 elements or the copy fails
     */
    public float[] toFloats() {
        return CoreOps.toFloats(this);
    }

    /** Copies the elements to Java as 64-bit integers, row-major. */
    public long[] toLongs() {
        return CoreOps.toLongs(this);
    }

    /** Copies the elements' bytes to Java, in the tensor's own type, row-major, little-endian. */
    public byte[] toBytes() {
        return CoreOps.toBytes(this);
    }

    @Override
    public String toString() {
        return isClosed()
                ? "Tensor[closed]"
                : "Tensor" + Arrays.toString(shape()) + " " + dtype().label();
    }
}
