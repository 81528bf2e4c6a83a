package dev.stanstudio.web;

import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Copies one tensor of a file into a file of its own, under the name {@code latents}. */
final class Latents {
    private Latents() {}

    static void copy(Path from, String name, Path to) {
        StoredTensor stored = TensorCollection.open(from).tensor(name);
        ByteBuffer bytes = ByteBuffer.allocate((int) stored.info().byteSize());
        stored.file().read(stored.info(), 0, bytes);
        SafetensorsWriter.write(
                to,
                Map.of(),
                List.of(
                        new SafetensorsWriter.Tensor(
                                "latents",
                                stored.info().type(),
                                stored.info().shape(),
                                TensorSource.of(bytes.flip()))));
    }
}
