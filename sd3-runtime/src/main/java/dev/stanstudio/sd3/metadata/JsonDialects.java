package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Renames the settings of InvokeAI and NovelAI so that {@link JsonReading} reads them. */
final class JsonDialects {
    static final String INVOKE = "invokeai_metadata";
    static final String NOVEL_SOFTWARE = "Software";
    static final String NOVEL = "NovelAI";

    private static final String NOVEL_SETTINGS = "Comment";

    /** InvokeAI's samplers end so where they follow Karras' schedule. */
    private static final String KARRAS_END = "_k";

    private static final Map<String, String> INVOKE_NAMES =
            Map.of("positive_prompt", "prompt", "scheduler", "sampler");

    private static final Map<String, String> NOVEL_NAMES =
            Map.of("uc", "negative_prompt", "scale", "cfg_scale", "noise_schedule", "scheduler");

    /** Keys that say nothing of how the picture was made. */
    private static final Set<String> SILENT =
            Set.of(
                    "app_version",
                    "generation_mode",
                    "rand_device",
                    "request_type",
                    "signed_hash",
                    "version",
                    "v4_prompt",
                    "v4_negative_prompt",
                    "n_samples");

    private JsonDialects() {}

    /**
     * The settings in a picture's texts, or nothing where they are of other programs.
     *
     * @throws dev.stanstudio.base.UserException if they are damaged
     */
    static Optional<ForeignSettings> read(Map<String, String> texts) {
        String invoke = texts.getOrDefault(INVOKE, "");
        if (!invoke.isBlank()) {
            return settings("InvokeAI", invoke(ForeignJson.read(invoke, "InvokeAI's settings")));
        }
        String novel = texts.getOrDefault(NOVEL_SETTINGS, "");
        return texts.getOrDefault(NOVEL_SOFTWARE, "").startsWith(NOVEL) && !novel.isBlank()
                ? settings(
                        NOVEL, renamed(ForeignJson.read(novel, "NovelAI's settings"), NOVEL_NAMES))
                : Optional.empty();
    }

    private static Optional<ForeignSettings> settings(String program, JsonNode node) {
        return node.path("prompt").isTextual()
                ? Optional.of(JsonReading.settings(program, node))
                : Optional.empty();
    }

    private static JsonNode invoke(JsonNode given) {
        ObjectNode settings = renamed(given, INVOKE_NAMES);
        String sampler = settings.path("sampler").asText();
        if (sampler.endsWith(KARRAS_END)) {
            settings.put("sampler", sampler.substring(0, sampler.length() - KARRAS_END.length()));
            settings.put("scheduler", "karras");
        }
        JsonNode model = settings.path("model");
        if (model.isObject()) {
            settings.put("model", first(model, "name", "model_name"));
            settings.put("base_model_hash", first(model, "hash"));
        }
        return settings;
    }

    private static String first(JsonNode node, String... keys) {
        for (String key : keys) {
            if (node.path(key).isTextual()) {
                return node.path(key).asText();
            }
        }
        return "";
    }

    /** The settings under the other names, without those that are switched off. */
    private static ObjectNode renamed(JsonNode given, Map<String, String> names) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        given.properties()
                .forEach(
                        entry -> {
                            String name = names.getOrDefault(entry.getKey(), entry.getKey());
                            if (!SILENT.contains(name) && !isOff(name, entry.getValue())) {
                                settings.set(name, entry.getValue());
                            }
                        });
        return settings;
    }

    /** A seed of 0 is one. */
    private static boolean isOff(String name, JsonNode value) {
        boolean zero = value.isNumber() && value.asDouble() == 0;
        return (value.isBoolean() && !value.asBoolean()) || (zero && !JsonReading.isKnown(name));
    }
}
