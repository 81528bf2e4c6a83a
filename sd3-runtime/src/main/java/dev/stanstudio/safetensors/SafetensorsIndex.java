package dev.stanstudio.safetensors;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The index of a sharded checkpoint: {@code {"metadata": {"total_size": bytes}, "weight_map":
 * {tensor: shard file}}}, as diffusers and transformers write it.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class SafetensorsIndex {
    private final Path path;
    private final Map<String, String> weightMap;
    private final OptionalLong totalSize;

    SafetensorsIndex(Path path, Map<String, String> weightMap, OptionalLong totalSize) {
        this.path = path;
        this.weightMap = Collections.unmodifiableMap(new LinkedHashMap<>(weightMap));
        this.totalSize = totalSize;
    }

    /**
     * Reads {@code file}; the shards are not touched.
     *
     * @throws SafetensorsException if the file cannot be read, is no index, or names a shard that
     *     is not a safetensors file of the same folder
     */
    public static SafetensorsIndex read(Path file) {
        return IndexReader.read(file);
    }

    /** Returns the path of the index. */
    public Path path() {
        return path;
    }

    /** Shard file name by tensor name. */
    public Map<String, String> weightMap() {
        return weightMap;
    }

    /** Bytes of all tensors together, if the index states them. */
    public OptionalLong totalSize() {
        return totalSize;
    }

    /** Names of the shards, sorted. */
    public List<String> shardNames() {
        return List.copyOf(new TreeSet<>(weightMap.values()));
    }

    /**
     * Opens every shard, in the order of {@link #shardNames()}, and compares them with the index.
     *
     * @throws SafetensorsException if a shard is missing or broken, holds other tensors than the
     *     index says, or the total size differs
     */
    public List<SafetensorsFile> openShards() {
        List<SafetensorsFile> shards = new ArrayList<>();
        for (String name : shardNames()) {
            Path shard = path.resolveSibling(name);
            if (!Files.exists(shard)) {
                throw broken(
                        Violation.MISSING_SHARD,
                        "shard %s is not there; get it too".formatted(HeaderJson.quote(name)));
            }
            shards.add(SafetensorsFile.open(shard));
            requireOwnTensors(name, shards.get(shards.size() - 1));
        }
        requireTotalSize(shards);
        return List.copyOf(shards);
    }

    private void requireOwnTensors(String shard, SafetensorsFile file) {
        weightMap.forEach(
                (tensor, home) -> {
                    if (home.equals(shard) && !file.tensors().containsKey(tensor)) {
                        throw mismatch(Violation.TENSOR_NOT_IN_SHARD, tensor, shard, "lacks");
                    }
                });
        for (String tensor : file.tensors().keySet()) {
            if (!shard.equals(weightMap.get(tensor))) {
                throw mismatch(
                        Violation.TENSOR_NOT_IN_INDEX, tensor, shard, "holds against the index");
            }
        }
    }

    private SafetensorsException mismatch(
            Violation violation, String tensor, String shard, String verb) {
        return broken(
                violation,
                "shard %s %s tensor %s%s"
                        .formatted(
                                HeaderJson.quote(shard),
                                verb,
                                HeaderJson.quote(tensor),
                                IndexReader.GET_AGAIN));
    }

    private void requireTotalSize(List<SafetensorsFile> shards) {
        long sum = 0;
        for (SafetensorsFile shard : shards) {
            sum = Math.addExact(sum, shard.length() - shard.dataOffset());
        }
        if (totalSize.isPresent() && totalSize.getAsLong() != sum) {
            throw broken(
                    Violation.WRONG_TOTAL_SIZE,
                    "states a total_size of %d bytes, the shards hold %d%s"
                            .formatted(totalSize.getAsLong(), sum, IndexReader.GET_AGAIN));
        }
    }

    private SafetensorsException broken(Violation violation, String what) {
        return new SafetensorsException(violation, path, what);
    }
}
