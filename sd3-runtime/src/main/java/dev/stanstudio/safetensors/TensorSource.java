package dev.stanstudio.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Delivers a tensor's bytes (little-endian, row-major) when the writer asks for them. */
@FunctionalInterface
public interface TensorSource {
    /**
     * Writes all bytes of the tensor to {@code out}, in as many pieces as it likes.
     *
     * @throws IOException if the bytes cannot be read or written
     */
    void writeTo(WritableByteChannel out) throws IOException;

    /** The bytes that remain in {@code bytes}, which is left as it is. */
    static TensorSource of(ByteBuffer bytes) {
        return out -> {
            ByteBuffer rest = bytes.duplicate();
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        };
    }
}
