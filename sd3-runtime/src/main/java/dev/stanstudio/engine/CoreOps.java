package dev.stanstudio.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the engine itself needs of libtorch: sizes, types, copies to and from Java. */
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
        float[] floats = new float[count(tensor)];
        ByteBuffer bytes = bytes(tensor, "host_floats", 4L * floats.length);
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    static long[] toLongs(Tensor tensor) {
        long[] longs = new long[count(tensor)];
        ByteBuffer bytes = bytes(tensor, "host_longs", 8L * longs.length);
        bytes.asLongBuffer().get(longs);
        return longs;
    }

    static byte[] toBytes(Tensor tensor) {
        byte[] copy = new byte[Math.toIntExact(tensor.bytes())];
        bytes(tensor, "host_bytes", copy.length).get(copy);
        return copy;
    }

    private static int count(Tensor tensor) {
        long elements = tensor.elements();
        if (elements > CHUNK) {
            throw new EngineException(
                    "a tensor of " + elements + " elements is too large for one Java array");
        }
        return (int) elements;
    }

    /** Runs a program method that gives contiguous numbers on the CPU and copies their bytes. */
    private static ByteBuffer bytes(Tensor tensor, String method, long length) {
        if (length == 0) {
            return ByteBuffer.allocate(0);
        }
        try (IValue host = program().invoke(method, tensor.value());
                PtNDManager manager = (PtNDManager) Torch.manager().newSubManager();
                PtNDArray array = host.toTensor(manager)) {
            return array.toByteBuffer(false).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Copies {@code data} into a tensor of bytes [length]. */
    static Tensor fromBytes(Scope scope, ByteBuffer data) {
        try (PtNDManager manager = (PtNDManager) Torch.manager().newSubManager();
                PtNDArray blob = blob(manager, direct(data));
                IValue borrowed = IValue.from(blob)) {
            // The array only borrows the buffer, which Java may free: the copy owns its memory.
            return scope.own(new Tensor(program().invoke("copy", borrowed)));
        }
    }

    private static PtNDArray blob(PtNDManager manager, ByteBuffer data) {
        return JniUtils.createNdFromByteBuffer(
                manager,
                data,
                new Shape(data.remaining()),
                DataType.UINT8,
                ai.djl.ndarray.types.SparseFormat.DENSE,
                ai.djl.Device.cpu());
    }

    private static ByteBuffer direct(ByteBuffer data) {
        ByteBuffer copy =
                ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.nativeOrder());
        copy.put(data.duplicate());
        return copy.flip();
    }
}
