package dev.stanstudio.engine;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Operations of libtorch that the engine itself needs: sizes, types, copies to and from Java. */
final class CoreOps {
    private static final int CHUNK = 1 << 28;

    private CoreOps() {}

    private static final class Holder {
        static final Program PROGRAM = Program.load(CoreOps.class, "core.ts.py");
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    static long[] shape(Tensor tensor) {
        try (IValue sizes = program().invoke("shape", tensor.value())) {
            return sizes.toLongArray();
        }
    }

    static DType dtype(Tensor tensor) {
        try (IValue number = program().invoke("scalar_type", tensor.value())) {
            return DType.ofScalarType(number.toLong());
        }
    }

    static float[] toFloats(Tensor tensor) {
        float[] floats = new float[count(tensor, Float.BYTES)];
        read(tensor, "host_floats", bytes -> bytes.asFloatBuffer().get(floats));
        return floats;
    }

    static long[] toLongs(Tensor tensor) {
        long[] longs = new long[count(tensor, Long.BYTES)];
        read(tensor, "host_longs", bytes -> bytes.asLongBuffer().get(longs));
        return longs;
    }

    static byte[] toBytes(Tensor tensor) {
        byte[] copy = new byte[Math.toIntExact(tensor.bytes())];
        read(tensor, "host_bytes", bytes -> bytes.get(copy));
        return copy;
    }

    private static int count(Tensor tensor, int bytesEach) {
        long elements = tensor.elements();
        if (elements > CHUNK || elements * bytesEach > Integer.MAX_VALUE) {
            throw new EngineException(
                    "a tensor of " + elements + " elements is too large for one Java array");
        }
        return (int) elements;
    }

    /** Runs a program method that gives contiguous numbers on the CPU and shows their bytes. */
    private static void read(Tensor tensor, String method, Consumer<ByteBuffer> reader) {
        if (tensor.elements() > 0) {
            try (IValue host = program().invoke(method, tensor.value())) {
                memory(host, reader);
            }
        }
    }

    /** Passes the memory of a tensor on the CPU to {@code writer}; the tensor has elements. */
    static void write(Tensor tensor, Consumer<ByteBuffer> writer) {
        memory(tensor.value(), writer);
    }

    /**
     * Passes the memory of a contiguous tensor on the CPU to {@code user}, which may use it until
     * it returns.
     */
    private static void memory(IValue tensor, Consumer<ByteBuffer> user) {
        try (PtNDManager manager = (PtNDManager) Torch.manager().newSubManager();
                PtNDArray array = tensor.toTensor(manager)) {
            user.accept(array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
        }
    }
}
