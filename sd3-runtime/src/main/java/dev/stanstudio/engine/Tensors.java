package dev.stanstudio.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes tensors from Java's numbers and from files, and moves them between types and devices. Every
 * result is owned by the scope that is passed. Thread-safe.
 */
public final class Tensors {
    private static final long PIECE = 1 << 30;

    private Tensors() {}

    /**
     * A tensor of {@code shape} and type fp32 on the CPU with the given values, row-major.
     *
     * @throws IllegalArgumentException if the number of values does not fit the shape
     */
    public static Tensor of(Scope scope, float[] values, long... shape) {
        require(4L * values.length, DType.FP32, shape);
        return filled(scope, DType.FP32, bytes -> bytes.asFloatBuffer().put(values), shape);
    }

    /** A tensor of {@code shape} and type int64 on the CPU with the given values, row-major. */
    public static Tensor of(Scope scope, long[] values, long... shape) {
        require(8L * values.length, DType.INT64, shape);
        return filled(scope, DType.INT64, bytes -> bytes.asLongBuffer().put(values), shape);
    }

    /** A tensor on the CPU from the little-endian bytes of its elements, row-major. */
    public static Tensor ofBytes(Scope scope, ByteBuffer bytes, DType dtype, long... shape) {
        require(bytes.remaining(), dtype, shape);
        return filled(scope, dtype, memory -> memory.put(bytes.duplicate()), shape);
    }

    /**
     * A tensor on the CPU whose elements {@code writer} writes straight into its memory, as
     * little-endian bytes, row-major. It must write all of them, may do so from several threads,
     * and must not keep the buffer, whose memory is freed with the tensor.
     *
     * @throws IllegalArgumentException if the elements are more bytes than a buffer can have
     */
    public static Tensor filled(
            Scope scope, DType dtype, Consumer<ByteBuffer> writer, long... shape) {
        long bytes = bytes(dtype, shape);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(bytes + " bytes are more than a buffer can have");
        }
        Tensor tensor = CoreOps.program().call(scope, "unwritten", shape, dtype.scalarType());
        try {
            if (bytes > 0) {
                CoreOps.write(tensor, writer);
            }
            return tensor;
        } catch (RuntimeException | Error e) {
            scope.release(tensor);
            throw e;
        }
    }

    /** Writes a tensor's memory piece by piece. */
    @FunctionalInterface
    public interface PieceWriter {
        /**
         * Writes all of {@code memory}, the tensor's bytes from {@code offset} on, and keeps it no
         * longer.
         */
        void write(long offset, ByteBuffer memory);
    }

    /** As {@link #filled}, of any size. */
    public static Tensor filledInPieces(
            Scope scope, DType dtype, PieceWriter writer, long... shape) {
        return filledInPieces(scope, PIECE, dtype, writer, shape);
    }

    static Tensor filledInPieces(
            Scope scope, long most, DType dtype, PieceWriter writer, long... shape) {
        if (bytes(dtype, shape) <= most) {
            return filled(scope, dtype, memory -> writer.write(0, memory), shape);
        }
        Tensor tensor = CoreOps.program().call(scope, "unwritten", shape, dtype.scalarType());
        long elements = tensor.elements();
        long step = most / dtype.bytes();
        try (Scope local = Scope.open("pieces")) {
            Tensor flat = reshape(local, tensor, new long[] {elements});
            for (long from = 0; from < elements; from += step) {
                Tensor piece = narrow(local, flat, 0, from, Math.min(from + step, elements));
                long offset = from * dtype.bytes();
                CoreOps.write(piece, memory -> writer.write(offset, memory));
            }
        } catch (RuntimeException | Error e) {
            scope.release(tensor);
            throw e;
        }
        return tensor;
    }

    private static void require(long bytes, DType dtype, long... shape) {
        long expected = bytes(dtype, shape);
        if (bytes != expected) {
            throw new IllegalArgumentException(
                    bytes + " bytes for a tensor of " + expected + " bytes");
        }
    }

    private static long bytes(DType dtype, long... shape) {
        long bytes = dtype.bytes();
        for (long size : shape) {
            bytes = Math.multiplyExact(bytes, size);
        }
        return bytes;
    }

    /** The same numbers as {@code dtype} on {@code device}; shares memory if nothing changes. */
    public static Tensor to(Scope scope, Tensor tensor, Device device, DType dtype) {
        return CoreOps.program().call(scope, "move", tensor, device.toString(), dtype.scalarType());
    }

    /** A list for a program's weights; it keeps the tensors alive. */
    public static TensorList list(Scope scope, List<Tensor> tensors) {
        return scope.own(TensorLists.of(tensors));
    }

    /** Element {@code index} of {@code list}, sharing its memory. */
    public static Tensor get(Scope scope, TensorList list, int index) {
        return CoreOps.program().call(scope, "element", list, index);
    }

    /** Bytes that the tensors of {@code list} hold. */
    public static long bytes(TensorList list) {
        return CoreOps.program().callLong("list_bytes", list);
    }

    /** Σ cᵢ·tᵢ in fp32, cast to {@code dtype}; the tensors may be of any type, of one shape. */
    public static Tensor combine(
            Scope scope, double[] coefficients, List<Tensor> tensors, DType dtype) {
        try (Scope local = Scope.open("combine")) {
            TensorList list = list(local, tensors);
            return CoreOps.program().call(scope, "combine", coefficients, list, dtype.scalarType());
        }
    }

    /** The tensors one after another along {@code axis}. */
    public static Tensor concat(Scope scope, List<Tensor> tensors, int axis) {
        try (Scope local = Scope.open("concat")) {
            return CoreOps.program().call(scope, "concat", list(local, tensors), axis);
        }
    }

    /** Rows {@code from … to−1} of axis {@code axis}, sharing memory. */
    public static Tensor narrow(Scope scope, Tensor tensor, int axis, long from, long to) {
        return CoreOps.program().call(scope, "narrow", tensor, axis, from, to);
    }

    /** Zeros of {@code shape}. */
    public static Tensor zeros(Scope scope, long[] shape, DType dtype, Device device) {
        return CoreOps.program().call(scope, "zeros", shape, dtype.scalarType(), device.toString());
    }

    /** The tensor repeated {@code times} along its first axis, each row as often in sequence. */
    public static Tensor repeatRows(Scope scope, Tensor tensor, int times) {
        return CoreOps.program().call(scope, "repeat_rows", tensor, times);
    }

    /** The same elements as {@code shape}, sharing memory where the layout allows. */
    public static Tensor reshape(Scope scope, Tensor tensor, long[] shape) {
        return CoreOps.program().call(scope, "reshape", tensor, shape);
    }

    /** As {@link #concat} along the first axis, also for the 8-bit floats. */
    public static Tensor concatBytes(Scope scope, List<Tensor> tensors) {
        try (Scope local = Scope.open("concat")) {
            return CoreOps.program().call(scope, "concat_bytes", list(local, tensors));
        }
    }

    /** The identity matrix [width, width]. */
    public static Tensor identity(Scope scope, long width, DType dtype, Device device) {
        return CoreOps.program()
                .call(scope, "identity", width, dtype.scalarType(), device.toString());
    }

    /** Another handle of the same tensor, with an owner of its own. */
    public static Tensor share(Scope scope, Tensor tensor) {
        return CoreOps.program().call(scope, "share", tensor);
    }

    /**
     * Rows of {@code table} picked by {@code ids} [B, T] on the table's device, then cast and
     * moved: [B, T, width].
     */
    public static Tensor pickRows(
            Scope scope, Tensor table, Tensor ids, Device device, DType dtype) {
        return CoreOps.program()
                .call(scope, "pick_rows", table, ids, device.toString(), dtype.scalarType());
    }

    /**
     * A copy of {@code tensor} that gradients can be taken of, on {@code device} in {@code dtype}.
     */
    public static Tensor parameter(Scope scope, Tensor tensor, Device device, DType dtype) {
        try (Autograd recording = Autograd.record()) {
            return CoreOps.program()
                    .call(scope, "parameter", tensor, device.toString(), dtype.scalarType());
        }
    }

    /**
     * {@code tensor} in a form that {@link Autograd} can record: itself if it was made while
     * recording, else a copy.
     */
    public static Tensor recordable(Scope scope, Tensor tensor) {
        try (Autograd recording = Autograd.record()) {
            return CoreOps.program().call(scope, "recordable", tensor);
        }
    }

    /**
     * ∂loss/∂p for every parameter; zeros where the loss does not depend on one. {@link Autograd}
     * must have recorded the loss; what it recorded is freed.
     */
    public static List<Tensor> gradients(Scope scope, Tensor loss, TensorList parameters) {
        try (Autograd recording = Autograd.record();
                Scope local = Scope.open("gradients")) {
            TensorList all = CoreOps.program().callList(local, "gradients", loss, parameters);
            List<Tensor> each = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                each.add(get(scope, all, i));
            }
            return each;
        }
    }

    /** Returns true if every element is a finite number. */
    public static boolean allFinite(Tensor tensor) {
        return CoreOps.program().callLong("all_finite", tensor) != 0;
    }
}
