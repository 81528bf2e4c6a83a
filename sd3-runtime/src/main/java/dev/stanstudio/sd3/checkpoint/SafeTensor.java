package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.HeldFile;
import dev.stanstudio.safetensors.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of a safetensors file.
 *
 * @param stored its place in the file
 */
public record SafeTensor(StoredTensor stored) implements FileTensor {
    @Override
    public Path path() {
        return stored.file().path();
    }

    @Override
    public String name() {
        return stored.info().name();
    }

    @Override
    public List<Long> shape() {
        return stored.info().shape();
    }

    @Override
    public String typeName() {
        return stored.info().type().fileName();
    }

    @Override
    public DType dtype() {
        return TensorFiles.dtype(stored);
    }

    @Override
    public long byteSize() {
        return stored.info().byteSize();
    }

    @Override
    public Object file() {
        return stored.file();
    }

    @Override
    public HeldFile hold() {
        return stored.file().hold();
    }

    @Override
    public long begin() {
        return stored.file().dataOffset() + stored.info().begin();
    }

    @Override
    public boolean isPlain() {
        return true;
    }

    @Override
    public Tensor rows(Scope owner, TensorFiles files, long from, long to) {
        long rows = shape().isEmpty() ? 1 : shape().get(0);
        long width = rows == 0 ? 0 : byteSize() / rows;
        return files.read(owner, this, from * width, dtype(), shapeOf(to - from));
    }

    @Override
    public ByteBuffer sample(int most) {
        int length = (int) Math.min(most, byteSize());
        ByteBuffer sample = ByteBuffer.allocate(length);
        stored.read((byteSize() - length) / 2, sample);
        return sample.flip();
    }
}
