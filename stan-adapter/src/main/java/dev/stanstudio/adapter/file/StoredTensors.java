package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** Tensors on their way into a file, in the types they have. */
public final class StoredTensors {
    private StoredTensors() {}

    /** {@code tensor} under {@code name}; it is read when the file is written. */
    public static SafetensorsWriter.Tensor of(String name, Tensor tensor) {
        return new SafetensorsWriter.Tensor(
                name,
                type(tensor.dtype()),
                Arrays.stream(tensor.shape()).boxed().toList(),
                channel -> channel.write(ByteBuffer.wrap(tensor.toBytes())));
    }

    /**
     * A tensor that {@code make} computes when the file is written and that is freed right after,
     * so that a file of any size needs the memory of one tensor.
     *
     * @throws CancellationException from the writer, if the thread is interrupted
     * @throws UserException from the writer, if a number is NaN or infinite
     */
    public static SafetensorsWriter.Tensor made(
            String name, DType dtype, long[] shape, Function<Scope, Tensor> make) {
        return new SafetensorsWriter.Tensor(
                name,
                type(dtype),
                Arrays.stream(shape).boxed().toList(),
                channel -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("interrupted before " + name);
                    }
                    try (Scope local = Scope.open(name)) {
                        Tensor tensor = make.apply(local);
                        requireFinite(local, name, tensor);
                        channel.write(ByteBuffer.wrap(tensor.toBytes()));
                    }
                });
    }

    private static void requireFinite(Scope scope, String name, Tensor tensor) {
        DType type = tensor.dtype();
        if (!type.floating()) {
            return;
        }
        // The 8-bit types have no arithmetic.
        Tensor plain = type.computes() ? tensor : Tensors.to(scope, tensor, Device.CPU, DType.FP32);
        if (!Tensors.allFinite(plain)) {
            throw new UserException(
                    "%s would be NaN or infinite in %s, so nothing is written; give the adapters smaller weights, or see whether a file is damaged"
                            .formatted(name, type.label()));
        }
    }

    private static StoredType type(DType dtype) {
        return switch (dtype) {
            case FP32 -> StoredType.F32;
            case FP16 -> StoredType.F16;
            case BF16 -> StoredType.BF16;
            case FP64 -> StoredType.F64;
            case FP8_E4M3 -> StoredType.F8_E4M3;
            case FP8_E5M2 -> StoredType.F8_E5M2;
            case UINT8 -> StoredType.U8;
            case INT8 -> StoredType.I8;
            case INT16 -> StoredType.I16;
            case INT32 -> StoredType.I32;
            case INT64 -> StoredType.I64;
            case BOOL -> StoredType.BOOL;
        };
    }
}
