package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configurations of a LoRA file: one for all of it, or one for each network that a pipeline
 * saved.
 *
 * @param whole of all modules, where there is one
 * @param parts by the component of the model, such as {@code transformer}
 */
record LoraConfigs(Optional<PeftConfig> whole, Map<String, PeftConfig> parts) {
    private static final String METADATA = "lora_adapter_metadata";
    private static final String TRANSFORMER = "transformer";

    private static final List<String> COMPONENTS =
            Stream.concat(
                            Stream.of(TRANSFORMER),
                            Stream.of(TextTower.values()).map(TextTower::component))
                    .toList();

    /** Keeps a copy of the map. */
    LoraConfigs {
        parts = Map.copyOf(parts);
    }

    /**
     * Reads PEFT's file, or else the configurations that diffusers writes into the tensors' file:
     * fields that begin with a component of a pipeline if the pipeline saved it, and plain ones if
     * the transformer itself did (diffusers loaders/peft.py, save_lora_adapter).
     */
    static LoraConfigs read(LoraLocation location) {
        if (location.config().isPresent()) {
            return new LoraConfigs(location.config().map(PeftConfig::read), Map.of());
        }
        SafetensorsFile file = location.file();
        String text = file.metadata().get(METADATA);
        if (text == null) {
            return new LoraConfigs(Optional.empty(), Map.of());
        }
        String origin = file.path() + " " + METADATA;
        try {
            JsonNode all = Json.WHOLE.readTree(text);
            if (!all.isObject()) {
                throw new UserException(origin + " is not a JSON object");
            }
            return of(origin, all);
        } catch (JsonProcessingException e) {
            throw new UserException(origin + " is not JSON: " + Json.problem(e), e);
        }
    }

    private static LoraConfigs of(String origin, JsonNode all) {
        Map<String, PeftConfig> parts = new LinkedHashMap<>();
        boolean bare = true;
        for (String component : COMPONENTS) {
            ObjectNode own = Json.WHOLE.createObjectNode();
            String prefix = component + ".";
            for (Map.Entry<String, JsonNode> field : all.properties()) {
                if (field.getKey().startsWith(prefix)) {
                    own.set(field.getKey().substring(prefix.length()), field.getValue());
                }
            }
            if (!own.isEmpty()) {
                bare = false;
                parts.put(component, PeftConfig.read(new ConfigReader(origin, own)));
            }
        }
        return bare && !all.isEmpty()
                ? new LoraConfigs(
                        Optional.of(PeftConfig.read(new ConfigReader(origin, all))), Map.of())
                : new LoraConfigs(Optional.empty(), parts);
    }

    /** Returns the configuration that is about {@code module}. */
    Optional<PeftConfig> of(String module) {
        String component = TextTower.of(module).map(TextTower::component).orElse(TRANSFORMER);
        return whole.or(() -> Optional.ofNullable(parts.get(component)));
    }

    /** Returns the path of {@code module} in its network, as patterns name it. */
    static String inner(String module) {
        int prefix = TextTower.of(module).map(tower -> tower.prefix().length()).orElse(0);
        return module.substring(prefix);
    }

    /**
     * Returns what the training of the transformer began from, or of all where there is one
     * configuration.
     *
     * @throws UserException if that of another network needs its first weights
     */
    LoraStart start(String file) {
        parts.forEach(
                (component, config) -> {
                    if (!component.equals(TRANSFORMER)) {
                        config.start().requirePlain(file);
                    }
                });
        return whole.or(() -> Optional.ofNullable(parts.get(TRANSFORMER)))
                .map(PeftConfig::start)
                .orElse(LoraStart.PLAIN);
    }

    /** Returns the model that it was trained on, if a configuration says so. */
    Optional<String> baseModel() {
        return all().flatMap(config -> config.baseModel().stream()).findFirst();
    }

    /** Returns the fields that say something and are not known here. */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        whole.ifPresent(config -> unknown.addAll(config.unknown()));
        COMPONENTS.forEach(
                component -> {
                    PeftConfig config = parts.get(component);
                    List<String> fields = config == null ? List.of() : config.unknown();
                    boolean first = component.equals(TRANSFORMER);
                    fields.forEach(f -> unknown.add(first ? f : component + "." + f));
                });
        return List.copyOf(unknown);
    }

    private Stream<PeftConfig> all() {
        return Stream.concat(
                whole.stream(), COMPONENTS.stream().map(parts::get).filter(c -> c != null));
    }
}
