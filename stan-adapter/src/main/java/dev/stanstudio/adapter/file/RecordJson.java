package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.base.NearestNames;
import dev.stanstudio.base.UserException;
import java.util.List;
import java.util.Map;

/** {@link AdapterRecord} as JSON: the fields of the records, in snake case. */
final class RecordJson {
    /** The field that tells this program's folders from PEFT's. */
    static final String KIND = "kind";

    private static final int VERSION = 1;
    private static final String GROUPS = "groups";
    private static final String FORMAT_VERSION = "format_version";
    private static final Map<String, Class<? extends AdapterKind>> KINDS =
            Map.of(
                    Stan.LABEL, Stan.class,
                    Lora.LABEL, Lora.class,
                    AdaLora.LABEL, AdaLora.class,
                    Sora.LABEL, Sora.class,
                    SparseMask.LABEL, SparseMask.class);

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private RecordJson() {}

    static String write(AdapterRecord record) {
        ObjectNode json = JSON.createObjectNode();
        json.put(FORMAT_VERSION, VERSION);
        json.put(KIND, record.kind().label());
        json.set("settings", JSON.valueToTree(record.kind()));
        json.set("modules", JSON.valueToTree(record.modules()));
        json.put("base_model_name_or_path", record.baseModel());
        json.put("base_model_fingerprint", record.baseFingerprint());
        json.set("versions", JSON.valueToTree(record.versions()));
        json.set("training", JSON.valueToTree(record.training()));
        return text(json);
    }

    static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UserException that names {@code origin} and what does not fit
     */
    static AdapterRecord read(String origin, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path(FORMAT_VERSION).asInt() > VERSION) {
                throw new UserException(
                        origin + " was written by a later version of this program; update it");
            }
            String kind = json.path(KIND).asText();
            Class<? extends AdapterKind> type = KINDS.get(kind);
            if (type == null) {
                throw new UserException(
                        origin
                                + ": no kind of adapter is called '"
                                + kind
                                + "'; nearest are "
                                + String.join(", ", NearestNames.of(kind, KINDS.keySet())));
            }
            return new AdapterRecord(
                    JSON.treeToValue(complete(type, json.path("settings")), type),
                    modules(origin, json.path("modules")),
                    json.path("base_model_name_or_path").asText(),
                    json.path("base_model_fingerprint").asText(),
                    texts(json.path("versions")),
                    texts(json.path("training")));
        } catch (ValueInstantiationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserException(origin + ": " + cause.getMessage(), e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new UserException(origin + " does not fit: " + reason, e);
        }
    }

    /** Files of earlier versions of this program name no groups. */
    private static JsonNode complete(Class<? extends AdapterKind> type, JsonNode settings) {
        if (type == Stan.class && settings instanceof ObjectNode fields && !fields.has(GROUPS)) {
            return fields.deepCopy().put(GROUPS, 1);
        }
        return settings;
    }

    private static Map<String, List<Long>> modules(String origin, JsonNode json) {
        Map<String, List<Long>> modules = JSON.convertValue(json, new TypeReference<>() {});
        if (modules == null || modules.isEmpty()) {
            throw new UserException(origin + " names no modules");
        }
        modules.forEach(
                (module, shape) -> {
                    if (shape == null
                            || shape.size() != 2
                            || shape.get(0) < 1
                            || shape.get(1) < 1) {
                        throw new UserException(
                                origin
                                        + ": "
                                        + module
                                        + " must have a shape [out, in], not "
                                        + shape);
                    }
                });
        return modules;
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = JSON.convertValue(json, new TypeReference<>() {});
        return texts == null ? Map.of() : texts;
    }
}
