package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.HeldFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Files that tensors are read from, each held open from its first read to {@link #close()}, so that
 * all tensors are of one version of a file. Tensors are copies in their own memory and stay valid
 * afterwards. A file that was changed or replaced since its header was checked is refused.
 * Thread-safe.
 */
public final class TensorFiles implements AutoCloseable {
    private static final class Holder {
        static final Program GGUF = Program.load(TensorFiles.class, "gguf.ts.py");
    }

    private final Map<Object, HeldFile> held = new HashMap<>();

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

    /** The tensor in its stored type on the CPU; {@code owner} owns it. */
    public Tensor open(Scope owner, StoredTensor stored) {
        return new SafeTensor(stored).open(owner, this);
    }

    /** Reads {@code shape} of {@code tensor} from byte {@code from} of its bytes on. */
    Tensor read(Scope owner, FileTensor tensor, long from, DType dtype, long[] shape) {
        HeldFile file = held(tensor);
        long begin = tensor.begin() + from;
        return Tensors.filledInPieces(
                owner, dtype, (offset, memory) -> file.read(begin + offset, memory), shape);
    }

    /** Reads the rest of {@code into} from byte {@code from} of the tensor's bytes on. */
    void read(FileTensor tensor, long from, ByteBuffer into) {
        Objects.checkFromIndexSize(from, into.remaining(), tensor.byteSize());
        held(tensor).read(tensor.begin() + from, into);
    }

    /** Reads blocks of quantised numbers and widens them to {@code shape} in fp32. */
    Tensor widen(Scope owner, GgufTensor tensor, long from, long blocks, long[] shape) {
        GgufType type = tensor.type();
        try (Scope local = Scope.open(tensor.name())) {
            Tensor bytes =
                    read(local, tensor, from, DType.UINT8, new long[] {blocks, type.bytes()});
            Tensor wide = Holder.GGUF.call(local, type.method(), bytes);
            return Tensors.reshape(owner, wide, shape);
        }
    }

    private synchronized HeldFile held(FileTensor tensor) {
        return held.computeIfAbsent(tensor.file(), file -> tensor.hold());
    }

    @Override
    public synchronized void close() {
        List<HeldFile> open = List.copyOf(held.values());
        held.clear();
        Closing.all(open);
    }
}
