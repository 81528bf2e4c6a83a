package dev.stanstudio.safetensors;

import java.nio.ByteBuffer;

/** A tensor of a checkpoint and the file that holds it. Immutable, safe between threads. */
public record StoredTensor(SafetensorsFile file, TensorInfo info) {
    /** As {@link SafetensorsFile#read}. */
    public void read(long from, ByteBuffer into) {
        file.read(info, from, into);
    }
}
