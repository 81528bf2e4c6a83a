package dev.stanstudio.safetensors;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All tensors of one checkpoint, whether it is a single safetensors file or several shards under an
 * index.
 *
 * <p>Immutable and safe to share between threads; like {@link SafetensorsFile} it holds no open
 * handle.
 */
public final class TensorCollection {
    private final Path source;
    private final List<SafetensorsFile> files;
    private final Map<String, StoredTensor> tensors;

    private TensorCollection(Path source, List<SafetensorsFile> files) {
        this.source = source;
        this.files = files;
        Map<String, StoredTensor> byName = new LinkedHashMap<>();
        for (SafetensorsFile file : files) {
            file.tensors().forEach((name, info) -> byName.put(name, new StoredTensor(file, info)));
        }
        this.tensors = Collections.unmodifiableMap(byName);
    }

    /**
     * Opens {@code file}: a safetensors file, or an index with all its shards.
     *
     * @throws SafetensorsException if a file is missing, unreadable or broken
     */
    public static TensorCollection open(Path file) {
        List<SafetensorsFile> files =
                CheckpointNames.isIndex(file)
                        ? SafetensorsIndex.read(file).openShards()
                        : List.of(SafetensorsFile.open(file));
        return new TensorCollection(file, files);
    }

    /**
     * Opens the weights that diffusers and transformers would find in {@code folder}: for variant
     * "fp16" of base name "model" the first that exists of {@code
     * model.safetensors.index.fp16.json}, {@code model.safetensors.fp16.index.json}, {@code
     * model.fp16.safetensors}, {@code model.safetensors.index.json} and {@code model.safetensors}.
     * {@link #source()} returns the one that was opened.
     *
     * @param baseName such as "diffusion_pytorch_model" or "model"
     * @param variant such as "fp16", or null for the plain files
     * @throws SafetensorsException if none exists, only a pickle does, or a file is broken
     */
    public static TensorCollection open(Path folder, String baseName, @Nullable String variant) {
        return open(CheckpointNames.find(folder, baseName, variant));
    }

    /** The index or the single file that was opened. */
    public Path source() {
        return source;
    }

    /** The files that hold the tensors, shards in the order of their names. */
    public List<SafetensorsFile> files() {
        return files;
    }

    /** Every tensor by name, file after file, in the order of the data. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * The tensor called {@code name}.
     *
     * @throws SafetensorsException if the checkpoint has none
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new SafetensorsException(
                    Violation.MISSING_TENSOR,
                    source,
                    "has no tensor %s among its %d; check that it is the model you mean"
                            .formatted(HeaderJson.quote(name), tensors.size()));
        }
        return tensor;
    }

    /** As {@link SafetensorsFile#verifyUnchanged()}, for every file. */
    public void verifyUnchanged() {
        files.forEach(SafetensorsFile::verifyUnchanged);
    }
}
