package dev.stanstudio.adapter.training;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Results of encoders on disk: a file per result, found by a text of all that decided it, and that
 * the file repeats. So nothing depends on an order, and a result cannot pass for another. Several
 * trainings may share a folder. Thread-safe.
 *
 * @param folder made when something is first put
 */
public record EncodedStore(Path folder) {
    private static final String KEY = "encoded.key";

    /**
     * A result.
     *
     * @param notes beside the tensors
     * @param tensors on the CPU, by name
     */
    record Entry(Map<String, String> notes, Map<String, Tensor> tensors) {}

    private Path file(String key) {
        String hash = Sha256.of(key);
        return folder.resolve(hash.substring(0, 2)).resolve(hash + ".safetensors");
    }

    /** Returns whether there is a whole result of {@code key}; a damaged one counts as none. */
    boolean has(String key) {
        Path file = file(key);
        try {
            return Files.exists(file) && key.equals(header(file).get(KEY));
        } catch (UserException e) {
            return false;
        }
    }

    private static Map<String, String> header(Path file) {
        return TensorCollection.open(file).files().get(0).metadata();
    }

    /**
     * Keeps a result; it appears whole or not at all.
     *
     * @throws UserException if it cannot be written
     */
    void put(String key, Entry entry) {
        Path file = file(key);
        try {
            Files.createDirectories(file.resolveSibling("."));
        } catch (IOException e) {
            throw new UserException(
                    "the cache "
                            + folder
                            + " cannot be written ("
                            + AtomicFile.reason(e)
                            + "); choose --cache",
                    e);
        }
        Map<String, String> metadata = new TreeMap<>(entry.notes());
        metadata.put(KEY, key);
        List<SafetensorsWriter.Tensor> stored = new ArrayList<>();
        entry.tensors().forEach((name, tensor) -> stored.add(stored(name, tensor)));
        SafetensorsWriter.write(file, metadata, stored);
    }

    private static SafetensorsWriter.Tensor stored(String name, Tensor tensor) {
        StoredType type =
                switch (tensor.dtype()) {
                    case FP16 -> StoredType.F16;
                    case BF16 -> StoredType.BF16;
                    case FP32 -> StoredType.F32;
                    default -> throw new IllegalArgumentException("encoded as " + tensor.dtype());
                };
        return new SafetensorsWriter.Tensor(
                name,
                type,
                Arrays.stream(tensor.shape()).boxed().toList(),
                channel -> TensorSource.of(ByteBuffer.wrap(tensor.toBytes())).writeTo(channel));
    }

    /**
     * The result of {@code key}; {@code scope} owns its tensors.
     *
     * @throws UserException if it is gone or damaged
     */
    Entry open(Scope scope, String key) {
        Path file = file(key);
        if (!has(key)) {
            throw new UserException(
                    file + " is gone or damaged; start the training again to encode it anew");
        }
        TensorCollection stored = TensorCollection.open(file);
        Map<String, Tensor> tensors = new TreeMap<>();
        try (TensorFiles files = new TensorFiles()) {
            stored.tensors()
                    .forEach((name, tensor) -> tensors.put(name, files.open(scope, tensor)));
        }
        return new Entry(stored.files().get(0).metadata(), tensors);
    }
}
