package dev.stanstudio.adapter.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.MappedWeights;
import dev.stanstudio.sd3.checkpoint.MappedWeights.Part;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns the tensors of a file into targets, whoever wrote it. */
final class LoraReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "lora_adapter_metadata";
    private static final List<String> TRANSFORMER = List.of("transformer.", "base_model.model.");
    private static final Map<String, String> TEXT_ENCODERS =
            Map.of(
                    "text_encoder.", "text_encoder",
                    "text_encoder_2.", "text_encoder_2",
                    "text_encoder_3.", "text_encoder_3",
                    "lora_te1_", "text_encoder",
                    "lora_te2_", "text_encoder_2",
                    "lora_te3_", "text_encoder_3");
    private static final List<String> KOHYA_BASE =
            List.of("ss_sd_model_name", "ss_base_model_version", "modelspec.architecture");

    private final SafetensorsFile file;
    private final Optional<PeftConfig> config;
    private final Map<String, LoraTarget> targets = new TreeMap<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, List<String>> textEncoders = new TreeMap<>();
    private final List<String> unknown = new ArrayList<>();
    private long parameters;
    private boolean kohya;

    private LoraReader(SafetensorsFile file, Optional<PeftConfig> config) {
        this.file = file;
        this.config = config;
    }

    static LoraFile read(LoraLocation location) {
        SafetensorsFile file = location.file();
        Optional<ConfigReader> json = location.config().or(() -> inMetadata(file));
        LoraReader reader = new LoraReader(file, json.map(PeftConfig::read));
        LoraPair.Found found = LoraPair.in(file);
        reader.unknown.addAll(found.others());
        found.pairs().forEach(reader::add);
        if (reader.targets.isEmpty() && reader.textEncoders.isEmpty()) {
            throw new UserException(
                    file.path()
                            + " holds no LoRA of Stable Diffusion 3"
                            + reader.unknown.stream()
                                    .findFirst()
                                    .map(key -> "; its first tensor is " + key)
                                    .orElse(""));
        }
        boolean peft = location.config().isPresent();
        return reader.result(location.given(), peft);
    }

    private LoraFile result(Path given, boolean peft) {
        LoraFormat other = kohya ? LoraFormat.KOHYA : LoraFormat.DIFFUSERS;
        TensorFiles tensors = new TensorFiles();
        MappedWeights factors = new MappedWeights(file.path().toString(), tensors, parts);
        return new LoraFile(
                file.path(),
                peft ? LoraFormat.PEFT : other,
                new LoraAdapter(given.toString(), targets, factors),
                textEncoders,
                unknown,
                parameters,
                file.length(),
                baseModel(),
                file.metadata(),
                tensors);
    }

    /** The transformer's part of the configurations that diffusers writes into the file. */
    private static Optional<ConfigReader> inMetadata(SafetensorsFile file) {
        String text = file.metadata().get(METADATA);
        if (text == null) {
            return Optional.empty();
        }
        String origin = file.path() + " " + METADATA;
        ObjectNode own = JSON.createObjectNode();
        try {
            JsonNode all = JSON.readTree(text);
            for (Map.Entry<String, JsonNode> field : all.properties()) {
                if (field.getKey().startsWith(TRANSFORMER.get(0))) {
                    own.set(
                            field.getKey().substring(TRANSFORMER.get(0).length()),
                            field.getValue());
                }
            }
        } catch (JsonProcessingException e) {
            throw new UserException(origin + " is not JSON: " + e.getOriginalMessage(), e);
        }
        return own.isEmpty() ? Optional.empty() : Optional.of(new ConfigReader(origin, own));
    }

    private Optional<String> baseModel() {
        return config.flatMap(PeftConfig::baseModel)
                .or(
                        () ->
                                KOHYA_BASE.stream()
                                        .map(file.metadata()::get)
                                        .filter(name -> name != null && !name.isBlank())
                                        .findFirst());
    }

    private void add(LoraPair pair) {
        String stem = pair.stem();
        for (Map.Entry<String, String> encoder : TEXT_ENCODERS.entrySet()) {
            if (stem.startsWith(encoder.getKey())) {
                kohya |= encoder.getKey().startsWith("lora_");
                textEncoders
                        .computeIfAbsent(encoder.getValue(), e -> new ArrayList<>())
                        .add(stem.substring(encoder.getKey().length()));
                return;
            }
        }
        Map<String, Part> modules = modules(pair);
        if (modules.isEmpty()) {
            unknown.addAll(pair.keys());
            return;
        }
        parameters = Math.addExact(parameters, pair.parameters());
        modules.forEach((module, up) -> add(module, pair, up));
    }

    private Map<String, Part> modules(LoraPair pair) {
        if (pair.stem().startsWith(KohyaNames.PREFIX)) {
            kohya = true;
            return KohyaNames.modules(pair);
        }
        for (String prefix : TRANSFORMER) {
            if (pair.stem().startsWith(prefix)) {
                return Map.of(pair.stem().substring(prefix.length()), Part.whole(pair.up()));
            }
        }
        return Map.of();
    }

    private void add(String module, LoraPair pair, Part up) {
        Part down = Part.whole(pair.down());
        LoraTarget target = target(module, pair, down, up);
        config.ifPresent(c -> c.requireRank(module, target.rank()));
        if (targets.put(module, target) != null) {
            throw new UserException(file.path() + " holds two LoRAs of " + module);
        }
        parts.put(module + LoraAdapter.DOWN, down);
        parts.put(module + LoraAdapter.UP, up);
    }

    private LoraTarget target(String module, LoraPair pair, Part down, Part up) {
        boolean rankStabilized = config.map(PeftConfig::rankStabilized).orElse(false);
        try {
            return new LoraTarget(
                    module, down.shape(), up.shape(), alpha(module, pair), rankStabilized);
        } catch (UserException e) {
            throw new UserException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /** Without a statement α is r, so that the scale is 1 (diffusers loaders/peft.py). */
    private double alpha(String module, LoraPair pair) {
        if (config.isPresent()) {
            return config.get().alphaOf(module);
        }
        double stated = pair.alpha().orElse(0);
        List<Long> down = pair.down().info().shape();
        return stated == 0 && !down.isEmpty() ? down.get(0) : stated;
    }
}
