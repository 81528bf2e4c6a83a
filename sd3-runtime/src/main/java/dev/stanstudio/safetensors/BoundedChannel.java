package dev.stanstudio.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/** Passes exactly one tensor's bytes on to a file; closing it leaves the file open. */
final class BoundedChannel implements WritableByteChannel {
    private final WritableByteChannel out;
    private final TensorInfo tensor;
    private long left;
    private boolean open = true;

    BoundedChannel(WritableByteChannel out, TensorInfo tensor) {
        this.out = out;
        this.tensor = tensor;
        this.left = tensor.byteSize();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        int count = from.remaining();
        if (count > left) {
            throw new IllegalStateException(
                    "source of tensor %s delivers at least %d bytes, %s of %s takes %d"
                            .formatted(
                                    HeaderJson.quote(tensor.name()),
                                    tensor.byteSize() - left + count,
                                    tensor.type().fileName(),
                                    tensor.shape(),
                                    tensor.byteSize()));
        }
        FileAccess.writeFully(out, from);
        left -= count;
        return count;
    }

    void requireComplete() {
        if (left != 0) {
            throw new IllegalStateException(
                    "source of tensor %s delivered %d bytes, %s of %s takes %d"
                            .formatted(
                                    HeaderJson.quote(tensor.name()),
                                    tensor.byteSize() - left,
                                    tensor.type().fileName(),
                                    tensor.shape(),
                                    tensor.byteSize()));
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
