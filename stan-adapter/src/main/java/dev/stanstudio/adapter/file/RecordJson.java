package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.NearestNames;
import dev.stanstudio.base.UserException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@link AdapterRecord} as JSON: the fields of the records, in snake case. */
final class RecordJson {
    /** The field that only this program's folders have, not PEFT's. */
    static final String KIND = "kind";

    private static final int VERSION = 1;
    private static final String SETTINGS = "settings";
    private static final String FORMAT_VERSION = "format_version";
    private static final JsonMapper JSON =
            Json.SNAKE_CASE
                    .rebuild()
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
        json.set(SETTINGS, JSON.valueToTree(record.kind()));
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
            KindName name = KindName.find(kind).orElseThrow(() -> unknown(origin, kind));
            JsonNode settings = complete(name, json.path(SETTINGS));
            RequiredSettings.check(origin, name.type(), settings);
            return new AdapterRecord(
                    JSON.treeToValue(settings, name.type()),
                    modules(origin, json.path("modules")),
                    json.path("base_model_name_or_path").asText(),
                    json.path("base_model_fingerprint").asText(),
                    texts(json.path("versions")),
                    texts(json.path("training")));
        } catch (ValueInstantiationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserException(origin + ": " + cause.getMessage(), e);
        } catch (MismatchedInputException e) {
            throw new UserException(origin + ": " + misfit(e), e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new UserException(origin + " does not fit: " + reason, e);
        }
    }

    private static String misfit(MismatchedInputException e) {
        String field =
                e.getPath().stream()
                        .map(step -> "." + step.getFieldName())
                        .collect(Collectors.joining());
        return "%s%s does not fit; get the adapter again, or write it again"
                .formatted(SETTINGS, field);
    }

    private static UserException unknown(String origin, String kind) {
        List<String> nearest = NearestNames.of(kind, KindName.labels());
        return new UserException(
                "%s: no kind of adapter is called '%s'; nearest are %s"
                        .formatted(origin, kind, String.join(", ", nearest)));
    }

    /** Adds the settings that files of earlier versions of this program lack. */
    private static JsonNode complete(KindName name, JsonNode settings) {
        if (!(settings instanceof ObjectNode given)) {
            return settings;
        }
        ObjectNode fields = given.deepCopy();
        name.earlierSettings()
                .forEach((field, value) -> fields.putIfAbsent(field, new IntNode(value)));
        return fields;
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
                            || shape.contains(null)
                            || shape.get(0) < 1
                            || shape.get(1) < 1) {
                        throw new UserException(
                                "%s: %s must have a shape [out, in], not %s"
                                        .formatted(origin, module, shape));
                    }
                });
        return modules;
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = JSON.convertValue(json, new TypeReference<>() {});
        return texts == null ? Map.of() : texts;
    }
}
