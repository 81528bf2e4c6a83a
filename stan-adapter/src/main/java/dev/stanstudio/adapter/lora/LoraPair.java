package dev.stanstudio.adapter.lora;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.safetensors.Bits;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tensors of one module as they stand in a file.
 *
 * @param stem what their keys have in common
 * @param down A
 * @param up B
 * @param alpha the α tensor, if there is one
 */
record LoraPair(String stem, StoredTensor down, StoredTensor up, OptionalDouble alpha) {
    private enum Role {
        DOWN,
        UP,
        ALPHA
    }

    private static final Map<String, Role> ENDINGS =
            Map.of(
                    ".lora_A.weight", Role.DOWN,
                    ".lora_down.weight", Role.DOWN,
                    ".lora_B.weight", Role.UP,
                    ".lora_up.weight", Role.UP,
                    ".alpha", Role.ALPHA);

    /** Tensors without which the others would be added wrongly. */
    private static final Map<String, String> REFUSED =
            Map.of(
                    ".lora_magnitude_vector", "DoRA",
                    ".lora_magnitude_vector.weight", "DoRA",
                    ".dora_scale", "DoRA",
                    ".lora_mid.weight", "a Tucker decomposition",
                    ".lora_A.bias", "trained biases",
                    ".lora_B.bias", "trained biases",
                    ".lora_down.bias", "trained biases",
                    ".lora_up.bias", "trained biases");

    /** The pairs of a file, and the keys that belong to none. */
    record Found(List<LoraPair> pairs, List<String> others) {}

    /**
     * Puts the tensors of {@code file} together.
     *
     * @throws UserException if one has no partner, two play the same part, or one needs more than
     *     plain LoRA
     */
    static Found in(SafetensorsFile file) {
        Map<String, Map<Role, StoredTensor>> stems = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (TensorInfo info : file.tensors().values()) {
            String key = info.name();
            refuse(file, key);
            Optional<String> ending = ENDINGS.keySet().stream().filter(key::endsWith).findFirst();
            if (ending.isEmpty()) {
                others.add(key);
                continue;
            }
            String stem = key.substring(0, key.length() - ending.get().length());
            StoredTensor twin =
                    stems.computeIfAbsent(stem, s -> new LinkedHashMap<>())
                            .put(ENDINGS.get(ending.get()), new StoredTensor(file, info));
            if (twin != null) {
                throw new UserException(
                        file.path() + " holds both " + twin.info().name() + " and " + key);
            }
        }
        return new Found(pairs(file, stems, others), others);
    }

    /** An α alone belongs to some other kind of adapter. */
    private static List<LoraPair> pairs(
            SafetensorsFile file, Map<String, Map<Role, StoredTensor>> stems, List<String> others) {
        List<LoraPair> pairs = new ArrayList<>();
        stems.forEach(
                (stem, parts) -> {
                    if (parts.keySet().equals(Set.of(Role.ALPHA))) {
                        others.add(stem + ".alpha");
                    } else {
                        pairs.add(pair(file, stem, parts));
                    }
                });
        return pairs;
    }

    private static void refuse(SafetensorsFile file, String key) {
        REFUSED.forEach(
                (ending, kind) -> {
                    if (key.endsWith(ending)) {
                        throw new UserException(
                                file.path()
                                        + " uses "
                                        + kind
                                        + " ("
                                        + key
                                        + "); only plain LoRA is supported");
                    }
                });
    }

    private static LoraPair pair(SafetensorsFile file, String stem, Map<Role, StoredTensor> parts) {
        StoredTensor down = parts.get(Role.DOWN);
        StoredTensor up = parts.get(Role.UP);
        if (down == null || up == null) {
            String has = parts.values().iterator().next().info().name();
            throw new UserException(
                    file.path()
                            + " holds "
                            + has
                            + " without its "
                            + (down == null ? "A (lora_A, lora_down)" : "B (lora_B, lora_up)")
                            + "; the file is not complete");
        }
        StoredTensor alpha = parts.get(Role.ALPHA);
        return new LoraPair(
                stem,
                down,
                up,
                alpha == null ? OptionalDouble.empty() : OptionalDouble.of(number(alpha)));
    }

    private static double number(StoredTensor tensor) {
        TensorInfo info = tensor.info();
        if (info.elements() != 1) {
            throw new UserException(
                    "%s: %s must be one number, not of shape %s"
                            .formatted(tensor.file().path(), info.name(), info.shape()));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) info.byteSize());
        tensor.read(0, bytes);
        try {
            return Bits.toFloats(bytes.flip(), info.type(), 1)[0];
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "%s: %s must be a fraction, not %s"
                            .formatted(tensor.file().path(), info.name(), info.type().fileName()),
                    e);
        }
    }

    /** Numbers in A and B. */
    long parameters() {
        return Math.addExact(down.info().elements(), up.info().elements());
    }

    /** The keys in the file, for reports. */
    List<String> keys() {
        return List.of(down.info().name(), up.info().name());
    }
}
