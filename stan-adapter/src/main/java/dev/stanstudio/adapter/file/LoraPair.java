package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorInfo;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one module as they stand in a file.
 *
 * @param stem what their keys have in common
 * @param down A
 * @param up B
 * @param values AdaLoRA's singular values, if there are some
 * @param alpha the α tensor, if there is one
 */
record LoraPair(
        String stem,
        StoredTensor down,
        StoredTensor up,
        @Nullable StoredTensor values,
        OptionalDouble alpha) {
    private enum Role {
        DOWN,
        UP,
        VALUES,
        ALPHA
    }

    /** Of PEFT, kohya, diffusers before it used PEFT, and PEFT's AdaLoRA. */
    private static final Map<String, Role> ENDINGS =
            Map.ofEntries(
                    Map.entry(".lora_A.weight", Role.DOWN),
                    Map.entry(".lora_down.weight", Role.DOWN),
                    Map.entry(".lora.down.weight", Role.DOWN),
                    Map.entry(".lora_linear_layer.down.weight", Role.DOWN),
                    Map.entry(".lora_A", Role.DOWN),
                    Map.entry(".lora_B.weight", Role.UP),
                    Map.entry(".lora_up.weight", Role.UP),
                    Map.entry(".lora.up.weight", Role.UP),
                    Map.entry(".lora_linear_layer.up.weight", Role.UP),
                    Map.entry(".lora_B", Role.UP),
                    Map.entry(".lora_E", Role.VALUES),
                    Map.entry(".alpha", Role.ALPHA));

    private static final Set<StoredType> FRACTIONS =
            Set.of(
                    StoredType.F64,
                    StoredType.F32,
                    StoredType.F16,
                    StoredType.BF16,
                    StoredType.F8_E4M3,
                    StoredType.F8_E5M2);

    /**
     * Pairs and other tensors of a file.
     *
     * @param pairs of the transformer, of known modules of text encoders, or of what is not known
     * @param textEncoders unknown modules by text encoder
     * @param others keys that belong to neither
     * @param changes modules whose change is another than A and B
     */
    record Found(
            List<LoraPair> pairs,
            Map<String, List<String>> textEncoders,
            List<String> others,
            List<ChangeTensors> changes) {}

    /**
     * Puts the tensors of {@code file} together.
     *
     * @param home the text encoder that a file of PEFT belongs to, if it does
     * @throws UserException if one has no partner, two play the same part, or one needs more than
     *     plain LoRA
     */
    static Found in(SafetensorsFile file, Optional<TextTower> home) {
        Map<String, Map<Role, StoredTensor>> stems = new TreeMap<>();
        Map<String, Set<String>> textEncoders = new TreeMap<>();
        List<String> others = new ArrayList<>();
        Map<String, ChangeTensors> changes = ChangeTensors.in(file);
        Set<String> changing =
                changes.values().stream().flatMap(ChangeTensors::keys).collect(Collectors.toSet());
        for (TensorInfo info : file.tensors().values()) {
            String key = info.name();
            Optional<String> ending = ENDINGS.keySet().stream().filter(key::endsWith).findFirst();
            String stem = key.substring(0, key.length() - ending.map(String::length).orElse(0));
            Optional<TextNames.TextModule> text = TextNames.of(moduleOf(changes, key, stem), home);
            if (text.isPresent() && text.get().path().isEmpty()) {
                textEncoders
                        .computeIfAbsent(text.get().tower().component(), e -> new TreeSet<>())
                        .add(text.get().module());
                continue;
            }
            OtherKinds.refuse(file.path(), key);
            if (changing.contains(key)) {
                continue;
            }
            if (ending.isEmpty()) {
                others.add(key);
                continue;
            }
            Role role = ENDINGS.get(ending.get());
            StoredTensor twin =
                    stems.computeIfAbsent(stem, s -> new LinkedHashMap<>())
                            .put(role, new StoredTensor(file, info));
            if (twin != null) {
                throw new UserException(
                        "%s holds both %s and %s".formatted(file.path(), twin.info().name(), key));
            }
        }
        Map<String, List<String>> modules = new TreeMap<>();
        textEncoders.forEach((encoder, names) -> modules.put(encoder, List.copyOf(names)));
        changes.keySet()
                .removeIf(
                        stem ->
                                TextNames.of(stem, home)
                                        .filter(text -> text.path().isEmpty())
                                        .isPresent());
        return new Found(
                pairs(file, stems, others), modules, others, List.copyOf(changes.values()));
    }

    /** Other kinds than LoRA have endings of their own. */
    private static String moduleOf(Map<String, ChangeTensors> changes, String key, String stem) {
        return changes.values().stream()
                .filter(change -> change.keys().anyMatch(key::equals))
                .findFirst()
                .map(ChangeTensors::stem)
                .orElse(stem);
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

    private static LoraPair pair(SafetensorsFile file, String stem, Map<Role, StoredTensor> parts) {
        StoredTensor down = parts.get(Role.DOWN);
        StoredTensor up = parts.get(Role.UP);
        if (down == null || up == null) {
            String has = parts.values().iterator().next().info().name();
            throw new UserException(
                    "%s holds %s without its %s; the file is not complete"
                            .formatted(
                                    file.path(),
                                    has,
                                    down == null
                                            ? "A (lora_A, lora_down)"
                                            : "B (lora_B, lora_up)"));
        }
        StoredTensor alpha = parts.get(Role.ALPHA);
        StoredTensor values = parts.get(Role.VALUES);
        requireFractions(down);
        requireFractions(up);
        if (values != null) {
            requireFractions(values);
        }
        return new LoraPair(
                stem,
                down,
                up,
                values,
                alpha == null ? OptionalDouble.empty() : OptionalDouble.of(StoredNumber.of(alpha)));
    }

    /** Returns the endings of the tensors of a LoRA. */
    static Set<String> endings() {
        return ENDINGS.keySet();
    }

    /** Returns the endings of A. */
    static List<String> downs() {
        return endings(Role.DOWN);
    }

    /** Returns the endings of B. */
    static List<String> ups() {
        return endings(Role.UP);
    }

    private static List<String> endings(Role role) {
        return ENDINGS.entrySet().stream()
                .filter(entry -> entry.getValue() == role)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /**
     * Refuses what is no tensor of fractions.
     *
     * @throws UserException that names it
     */
    static void requireFractions(StoredTensor tensor) {
        StoredType type = tensor.info().type();
        if (!FRACTIONS.contains(type)) {
            throw new UserException(
                    "%s: %s is stored as %s; a LoRA of fractions (F32, F16, BF16, F8) is read, a quantised one is not"
                            .formatted(
                                    tensor.file().path(), tensor.info().name(), type.fileName()));
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

    /** Returns whether AdaLoRA has taken every rank away from the module. */
    boolean isEmpty() {
        return values != null && values.info().elements() == 0;
    }
}
