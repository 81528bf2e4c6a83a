package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Files of tensors mapped into memory, each once for every type it holds; tensors are views of the
 * maps, or widened from them. Thread-safe. Views stay valid after {@link #close()}: a map ends with
 * its last view.
 */
public final class TensorFiles implements AutoCloseable {
    private static final class Holder {
        static final Program GGUF = Program.load(TensorFiles.class, "gguf.ts.py");
    }

    /** A file, by identity, and the type it is mapped as. */
    private record Key(Object file, DType dtype) {}

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
        SafetensorsFile file = stored.file();
        Mapped mapped = new Mapped(file, file.path(), file.length(), file::verifyUnchanged);
        return cut(owner, mapped, file.dataOffset() + info.begin(), dtype, shape);
    }

    /** The tensor on the CPU: plain numbers in their type, blocks widened to fp32. */
    Tensor open(Scope owner, GgufTensor stored) {
        GgufFile file = stored.file();
        Mapped mapped = new Mapped(file, file.path(), file.length(), file::verifyUnchanged);
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        GgufType type = stored.type();
        if (type.plain().isPresent()) {
            return cut(owner, mapped, stored.begin(), type.plain().get(), shape);
        }
        try (Scope local = Scope.open(stored.name())) {
            long[] blocks = {stored.blocks(), type.bytes()};
            Tensor bytes = cut(local, mapped, stored.begin(), DType.UINT8, blocks);
            Tensor wide = Holder.GGUF.call(local, type.method(), bytes);
            return Tensors.reshape(owner, wide, shape);
        }
    }

    private record Mapped(Object identity, Path path, long length, Runnable check) {}

    private Tensor cut(Scope owner, Mapped file, long offset, DType dtype, long[] shape) {
        if (offset % dtype.bytes() != 0) {
            // Writers that do not pad the header leave tensors where no element can start.
            return Tensors.sliceBytes(owner, map(file, DType.UINT8), offset, dtype, shape);
        }
        return Tensors.slice(owner, map(file, dtype), offset / dtype.bytes(), shape);
    }

    private synchronized Tensor map(Mapped file, DType dtype) {
        Key key = new Key(file.identity(), dtype);
        Tensor known = maps.get(key);
        if (known == null) {
            file.check().run();
            known = Tensors.map(scope, file.path(), dtype, file.length() / dtype.bytes());
            maps.put(key, known);
        }
        return known;
    }

    @Override
    public synchronized void close() {
        maps.clear();
        scope.close();
    }
}
