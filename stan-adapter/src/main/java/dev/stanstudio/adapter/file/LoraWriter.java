package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.base.Json;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.text.TextTower;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes LoRAs as PEFT and as diffusers do (PEFT utils/save_and_load.py, diffusers
 * loaders/lora_base.py).
 */
public final class LoraWriter {
    private static final JsonMapper JSON =
            Json.PLAIN
                    .rebuild()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    /** The file of a pipeline's LoRA, by the name that diffusers looks for. */
    static final String PIPELINE = "pytorch_lora_weights.safetensors";

    /** Key of the settings in its metadata. */
    static final String SETTINGS = "lora_adapter_metadata";

    private static final String PEFT_PREFIX = "base_model.model.";
    static final String DIFFUSERS_PREFIX = "transformer.";

    /** The class that PEFT puts the adapter into. */
    static final Map<String, String> MAPPING =
            Map.of(
                    "base_model_class", "SD3Transformer2DModel",
                    "parent_library", "diffusers.models.transformers.transformer_sd3");

    private LoraWriter() {}

    /**
     * A LoRA to write.
     *
     * @param kind its settings
     * @param targets {@code target_modules}
     * @param baseModel {@code base_model_name_or_path}
     * @param tensors A and B under {@code <module>.lora_A.weight} and {@code
     *     <module>.lora_B.weight}
     */
    public record Content(
            Lora kind,
            List<String> targets,
            String baseModel,
            List<SafetensorsWriter.Tensor> tensors) {
        /** Keeps copies of the lists. */
        public Content {
            targets = List.copyOf(targets);
            tensors = List.copyOf(tensors);
        }

        private Optional<TextTower> tower() {
            return targets.isEmpty() ? Optional.empty() : TextTower.of(targets.get(0));
        }

        /** Of tensors by name. */
        public Content(
                Lora kind, List<String> targets, String baseModel, Map<String, Tensor> tensors) {
            this(
                    kind,
                    targets,
                    baseModel,
                    tensors.entrySet().stream()
                            .map(entry -> StoredTensors.of(entry.getKey(), entry.getValue()))
                            .toList());
        }
    }

    /**
     * Writes an adapter of this program as PEFT's, its record in the metadata of the tensors.
     *
     * @param record of kind LoRA
     */
    static void peft(
            Path folder,
            AdapterRecord record,
            List<SafetensorsWriter.Tensor> tensors,
            List<String> targets)
            throws IOException {
        Lora kind = Lora.class.cast(record.kind());
        peft(
                folder,
                new Content(kind, targets, record.baseModel(), tensors),
                Map.of(AdapterFolder.RECORD, RecordJson.write(record)));
    }

    /**
     * Writes {@code adapter_config.json} and {@code adapter_model.safetensors} into {@code folder}.
     *
     * @param metadata further text in the tensors' file, which PEFT does not read
     * @throws IOException if the folder cannot be written
     */
    public static void peft(Path folder, Content content, Map<String, String> metadata)
            throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                json(config(content)),
                StandardCharsets.UTF_8);
        write(folder.resolve("adapter_model.safetensors"), PEFT_PREFIX, content, metadata);
    }

    /**
     * Writes {@code pytorch_lora_weights.safetensors} into {@code folder}, with the settings in its
     * metadata, without which α would be taken for r.
     */
    public static void diffusers(Path folder, Content content) {
        diffusers(folder, List.of(content), Map.of());
    }

    /**
     * Writes the LoRAs of several networks as one, as {@link #diffusers(Path, Content)}.
     *
     * @param contents the transformer's, and those of text encoders, whose modules begin with the
     *     encoder's name
     * @param metadata further text in the file
     */
    public static void diffusers(
            Path folder, List<Content> contents, Map<String, String> metadata) {
        Map<String, Object> fields = new TreeMap<>();
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (Content content : contents) {
            Optional<TextTower> tower = content.tower();
            String prefix = tower.map(TextTower::prefix).orElse(DIFFUSERS_PREFIX);
            config(content).forEach((key, value) -> fields.put(prefix + key, value));
            content.tensors()
                    .forEach(t -> tensors.add(tower.isPresent() ? t : prefixed(prefix, t)));
        }
        Map<String, String> all = new TreeMap<>(metadata);
        all.put(SETTINGS, json(fields));
        SafetensorsWriter.write(folder.resolve(PIPELINE), all, tensors);
    }

    private static void write(
            Path file, String prefix, Content content, Map<String, String> metadata) {
        SafetensorsWriter.write(
                file,
                metadata,
                content.tensors().stream().map(tensor -> prefixed(prefix, tensor)).toList());
    }

    /** {@code tensor} with {@code prefix} before its name. */
    public static SafetensorsWriter.Tensor prefixed(
            String prefix, SafetensorsWriter.Tensor tensor) {
        return new SafetensorsWriter.Tensor(
                prefix + tensor.name(), tensor.type(), tensor.shape(), tensor.source());
    }

    /**
     * Returns the configuration of one network's LoRA.
     *
     * @param record of kind LoRA
     * @param targets modules of one network, with a text encoder's name before
     */
    static Map<String, Object> fields(AdapterRecord record, List<String> targets) {
        return config(
                new Content(
                        Lora.class.cast(record.kind()), targets, record.baseModel(), List.of()));
    }

    /** The fields of LoraConfig that every version of PEFT has. */
    private static Map<String, Object> config(Content content) {
        Lora kind = content.kind();
        Map<String, Object> fields = new TreeMap<>();
        for (String none :
                List.of(
                        "layers_pattern",
                        "layers_to_transform",
                        "modules_to_save",
                        "revision",
                        "task_type")) {
            fields.put(none, null);
        }
        fields.put("auto_mapping", content.tower().isPresent() ? null : MAPPING);
        fields.put("alpha_pattern", numbers(inner(kind.alphas())));
        fields.put("base_model_name_or_path", content.baseModel());
        fields.put("bias", "none");
        fields.put("fan_in_fan_out", false);
        fields.put("inference_mode", true);
        fields.put("init_lora_weights", kind.gaussian() ? "gaussian" : true);
        fields.put("loftq_config", Map.of());
        fields.put("lora_alpha", number(kind.alpha()));
        fields.put("lora_dropout", 0.0);
        fields.put("peft_type", "LORA");
        fields.put("r", kind.rank());
        fields.put("rank_pattern", inner(kind.ranks()));
        fields.put("target_modules", content.targets().stream().map(LoraConfigs::inner).toList());
        fields.put("use_dora", false);
        fields.put("use_rslora", kind.rankStabilized());
        return fields;
    }

    /** Patterns name modules as their network does. */
    private static <V> Map<String, V> inner(Map<String, V> byModule) {
        Map<String, V> inner = new TreeMap<>();
        byModule.forEach((module, value) -> inner.put(LoraConfigs.inner(module), value));
        return inner;
    }

    /** Whole numbers as PEFT writes them. */
    private static Object number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? (Object) (long) value : value;
    }

    private static Map<String, Object> numbers(Map<String, Double> values) {
        Map<String, Object> numbers = new TreeMap<>();
        values.forEach((key, value) -> numbers.put(key, number(value)));
        return numbers;
    }

    static String json(Map<String, ?> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are JSON", e);
        }
    }
}
