package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * Safetensors files mapped into memory, each once for every type it holds; tensors are views of the
 * maps. Thread-safe. Views stay valid after {@link #close()}: a map ends with its last view.
 */
public final class TensorFiles implements AutoCloseable {
    private record Key(SafetensorsFile file, DType dtype) {}

    private final Scope scope = Scope.open("files");
    private final Map<Key, Tensor> maps = new HashMap<>();

    /**
     * The engine's type for a stored type.
     *
     * @throws WeightException if libtorch has none
     */
    static DType dtype(StoredTensor tensor) {
        StoredType type = tensor.info().type();
        return switch (type) {
            case F32 -> DType.FP32;
            case F16 -> DType.FP16;
            case BF16 -> DType.BF16;
            case F64 -> DType.FP64;
            case F8_E4M3 -> DType.FP8_E4M3;
            case F8_E5M2 -> DType.FP8_E5M2;
            case U8 -> DType.UINT8;
            case I8 -> DType.INT8;
            case I16 -> DType.INT16;
            case I32 -> DType.INT32;
            case I64 -> DType.INT64;
            case BOOL -> DType.BOOL;
            default ->
                    throw new WeightException(
                            "%s: tensor %s is stored as %s, which cannot be computed with"
                                    .formatted(
                                            tensor.file().path(),
                                            tensor.info().name(),
                                            type.fileName()));
        };
    }

    /** The tensor in its stored type on the CPU; {@code owner} owns the view. */
    public Tensor open(Scope owner, StoredTensor stored) {
        TensorInfo info = stored.info();
        DType dtype = dtype(stored);
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        if (info.elements() == 0) {
            return Tensors.zeros(owner, shape, dtype, Device.CPU);
        }
        long offset = stored.file().dataOffset() + info.begin();
        if (offset % dtype.bytes() != 0) {
            // Writers that do not pad the header leave tensors where no element can start.
            return Tensors.sliceBytes(owner, map(stored.file(), DType.UINT8), offset, dtype, shape);
        }
        return Tensors.slice(owner, map(stored.file(), dtype), offset / dtype.bytes(), shape);
    }

    private synchronized Tensor map(SafetensorsFile file, DType dtype) {
        Tensor known = maps.get(new Key(file, dtype));
        if (known == null) {
            file.verifyUnchanged();
            known = Tensors.map(scope, file.path(), dtype, file.length() / dtype.bytes());
            maps.put(new Key(file, dtype), known);
        }
        return known;
    }

    @Override
    public synchronized void close() {
        maps.clear();
        scope.close();
    }
}
