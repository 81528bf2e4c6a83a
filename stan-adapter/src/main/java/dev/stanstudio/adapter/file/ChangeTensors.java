package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one module that has a {@link WeightChange}, by what follows its name. Each is
 * taken once; what is left belongs to another kind. Belongs to one thread.
 */
final class ChangeTensors {
    /** Endings that no plain LoRA has. */
    private static final Set<String> MARKS =
            Set.of(
                    ".lora_magnitude_vector",
                    ".lora_magnitude_vector.weight",
                    ".dora_scale",
                    ".hada_w1_a",
                    ".hada_w1_b",
                    ".hada_w2_a",
                    ".hada_w2_b",
                    ".lokr_w1",
                    ".lokr_w1_a",
                    ".lokr_w1_b",
                    ".lokr_w2",
                    ".lokr_w2_a",
                    ".lokr_w2_b",
                    ".a1.weight",
                    ".a2.weight",
                    ".b1.weight",
                    ".b2.weight",
                    ".diff",
                    ".diff_b",
                    ".ia3_l",
                    ".on_input",
                    ".oft_R",
                    ".oft_R.weight",
                    ".oft_blocks",
                    ".boft_R",
                    ".boft_s");

    /** Endings of other tensors of such a module. */
    private static final Set<String> BESIDE = Set.of(".scalar", ".rescale", ".weight");

    private final String stem;
    private final SafetensorsFile file;
    private final Map<String, StoredTensor> left = new TreeMap<>();

    private ChangeTensors(String stem, SafetensorsFile file) {
        this.stem = stem;
        this.file = file;
    }

    /** Returns the modules of {@code file} that have such a tensor, by stem. */
    static Map<String, ChangeTensors> in(SafetensorsFile file) {
        Map<String, ChangeTensors> found = new TreeMap<>();
        for (String key : file.tensors().keySet()) {
            String stem = stem(key, MARKS);
            if (stem != null) {
                found.computeIfAbsent(stem, s -> new ChangeTensors(s, file));
            }
        }
        if (!found.isEmpty()) {
            Set<String> endings = new HashSet<>(MARKS);
            endings.addAll(BESIDE);
            endings.addAll(LoraPair.endings());
            file.tensors()
                    .values()
                    .forEach(info -> add(found, endings, new StoredTensor(file, info)));
        }
        return found;
    }

    private static void add(
            Map<String, ChangeTensors> found, Set<String> endings, StoredTensor tensor) {
        String key = tensor.info().name();
        String stem = stem(key, endings);
        ChangeTensors module = stem == null ? null : found.get(stem);
        if (module != null) {
            module.left.put(key.substring(module.stem.length()), tensor);
        }
    }

    private static @Nullable String stem(String key, Collection<String> endings) {
        return endings.stream()
                .filter(key::endsWith)
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .map(ending -> key.substring(0, key.length() - ending.length()))
                .orElse(null);
    }

    String stem() {
        return stem;
    }

    SafetensorsFile file() {
        return file;
    }

    /** Returns the keys of these tensors. */
    Stream<String> keys() {
        return left.keySet().stream().map(stem::concat);
    }

    boolean has(String ending) {
        return left.containsKey(ending);
    }

    /** Takes the first of {@code endings} that is there. */
    @Nullable StoredTensor take(Collection<String> endings) {
        for (String ending : endings) {
            StoredTensor tensor = left.remove(ending);
            if (tensor != null) {
                LoraPair.requireFractions(tensor);
                return tensor;
            }
        }
        return null;
    }

    /**
     * Takes a tensor without which the others are no change.
     *
     * @throws UserException that names what is missing
     */
    StoredTensor need(String kind, Collection<String> endings) {
        StoredTensor tensor = take(endings);
        if (tensor == null) {
            throw new UserException(
                    "%s: %s is %s without its %s; the file is not complete"
                            .formatted(
                                    file.path(),
                                    stem,
                                    kind,
                                    endings.iterator().next().substring(1)));
        }
        return tensor;
    }

    StoredTensor need(String kind, String ending) {
        return need(kind, List.of(ending));
    }

    /** Takes a number. */
    OptionalDouble number(String ending) {
        StoredTensor tensor = left.remove(ending);
        return tensor == null ? OptionalDouble.empty() : OptionalDouble.of(StoredNumber.of(tensor));
    }

    /**
     * Makes sure that every tensor has been taken.
     *
     * @throws UserException that names one that belongs to another kind
     */
    void requireNoneLeft(String kind) {
        if (!left.isEmpty()) {
            throw new UserException(
                    "%s: %s is %s and has %s too, which belongs to another kind; of two kinds for one module neither is the adapter"
                            .formatted(
                                    file.path(),
                                    stem,
                                    kind,
                                    left.keySet().iterator().next().substring(1)));
        }
    }
}
