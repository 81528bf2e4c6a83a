package dev.stanstudio.sd3.model;

import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.SafetensorsWriter.Tensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Safetensors files with some of their tensors changed; the format itself stays right. */
final class Rewritten {
    private Rewritten() {}

    /** The tensors of {@code file} by name, each in memory. */
    static Map<String, Tensor> read(Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        TensorCollection.open(file)
                .tensors()
                .forEach(
                        (name, stored) -> {
                            byte[] bytes = new byte[(int) stored.info().byteSize()];
                            stored.read(0, ByteBuffer.wrap(bytes));
                            tensors.put(
                                    name,
                                    new Tensor(
                                            name,
                                            stored.info().type(),
                                            stored.info().shape(),
                                            TensorSource.of(ByteBuffer.wrap(bytes))));
                        });
        return tensors;
    }

    static void write(Path file, Map<String, Tensor> tensors) {
        SafetensorsWriter.write(file, Map.of(), List.copyOf(tensors.values()));
    }

    /** Writes the tensors of {@code from} to {@code to} as {@code change} leaves them. */
    static void write(Path from, Path to, Consumer<Map<String, Tensor>> change) {
        Map<String, Tensor> tensors = read(from);
        change.accept(tensors);
        write(to, tensors);
    }

    /** Adds a tensor of zero bytes. */
    static void put(Map<String, Tensor> tensors, String name, StoredType type, Long... shape) {
        List<Long> sizes = List.of(shape);
        long elements = sizes.stream().reduce(1L, Math::multiplyExact);
        ByteBuffer zeros = ByteBuffer.allocate((int) (elements * type.bits() / Byte.SIZE));
        tensors.put(name, new Tensor(name, type, sizes, TensorSource.of(zeros)));
    }

    /** Adds a copy of the tensor {@code of} under another name. */
    static void copy(Map<String, Tensor> tensors, String of, String name) {
        Tensor tensor = Objects.requireNonNull(tensors.get(of), of);
        tensors.put(name, new Tensor(name, tensor.type(), tensor.shape(), tensor.source()));
    }
}
