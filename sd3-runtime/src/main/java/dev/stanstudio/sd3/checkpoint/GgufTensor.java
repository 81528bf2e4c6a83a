package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.HeldFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of a GGUF file. Blocks of quantised numbers lie along its last axis.
 *
 * @param file the file that holds it
 * @param name its name there
 * @param type how its numbers are stored
 * @param shape sizes of the axes, outermost first
 * @param begin its first byte in the file
 */
record GgufTensor(GgufFile file, String name, GgufType type, List<Long> shape, long begin)
        implements FileTensor {
    GgufTensor {
        shape = List.copyOf(shape);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String typeName() {
        return type.name();
    }

    @Override
    public DType dtype() {
        return type.opened();
    }

    /** Returns how many blocks hold the numbers. */
    long blocks() {
        return shape.stream().reduce(1L, Math::multiplyExact) / type.numbers();
    }

    @Override
    public long byteSize() {
        return Math.multiplyExact(blocks(), (long) type.bytes());
    }

    @Override
    public HeldFile hold() {
        return file.hold();
    }

    @Override
    public boolean isPlain() {
        return type.plain().isPresent();
    }

    @Override
    public Tensor rows(Scope owner, TensorFiles files, long from, long to) {
        long rows = shape.isEmpty() ? 1 : shape.get(0);
        boolean whole = from == 0 && to == rows;
        if (!whole && blocks() % rows != 0) {
            // A tensor that was reshaped may have rows that begin within a block.
            try (Scope local = Scope.open(name)) {
                return Tensors.narrow(owner, open(local, files), 0, from, to);
            }
        }
        long each = whole ? blocks() : blocks() / rows;
        long count = whole ? blocks() : (to - from) * each;
        long begin = from * each * type.bytes();
        return type.plain().isPresent()
                ? files.read(owner, this, begin, type.plain().get(), shapeOf(to - from))
                : files.widen(owner, this, begin, count, shapeOf(to - from));
    }

    @Override
    public ByteBuffer sample(int most) {
        int length = (int) Math.min(most, byteSize());
        return file.read(begin + (byteSize() - length) / 2, length);
    }
}
