package dev.stanstudio.web.grid;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Turns parts of a YAML file into records. A value of another type is refused: read as nothing, a
 * list where a text belongs would draw other pictures than those that were asked for.
 *
 * @param file named in messages
 */
record YamlRecord(Path file) {
    private static final String TEXT = "a text";
    private static final JsonMapper MAPPER = mapper();

    private static JsonMapper mapper() {
        JsonMapper.Builder mapper =
                Json.PLAIN.rebuild().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        for (LogicalType number : List.of(LogicalType.Integer, LogicalType.Float)) {
            for (CoercionInputShape shape :
                    List.of(
                            CoercionInputShape.String,
                            CoercionInputShape.EmptyString,
                            CoercionInputShape.Boolean)) {
                mapper.withCoercionConfig(
                        number, config -> config.setCoercion(shape, CoercionAction.Fail));
            }
        }
        mapper.withConfigOverride(
                List.class,
                lists -> lists.setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)));
        return mapper.build();
    }

    UserException wrong(String what) {
        return new UserException(file + ": " + what);
    }

    /**
     * Returns the record that {@code node} holds.
     *
     * @param owner names the record in the message about an unknown key
     * @throws UserException that names the key and the kind of value that it must have
     */
    <T> T read(JsonNode node, Class<T> type, String owner) {
        try {
            refuseNulls(node, type);
            return MAPPER.treeToValue(node, type);
        } catch (UnrecognizedPropertyException e) {
            String known =
                    e.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
            throw wrong(
                    "'%s' is no key of a %s; there are %s"
                            .formatted(e.getPropertyName(), owner, known));
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof UserException refused) {
                throw refused;
            }
            throw wrong(e, node, type);
        } catch (JsonProcessingException e) {
            throw wrong(e.getOriginalMessage());
        }
    }

    /** Refuses nulls where a list or a number belongs, which Jackson takes for missing keys. */
    private void refuseNulls(JsonNode node, Class<?> type) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String kind = kind(type, field.getKey());
            if (field.getValue().isNull() && !kind.equals(TEXT)) {
                throw wrong("%s must be %s, not null".formatted(field.getKey(), kind));
            }
        }
    }

    private UserException wrong(JsonMappingException e, JsonNode root, Class<?> type) {
        JsonNode value = root;
        String key = "";
        String kind = TEXT;
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                value = value.path(step.getIndex());
                kind = TEXT;
            } else {
                key = step.getFieldName();
                value = value.path(key);
                kind = kind(type, key);
            }
        }
        return wrong("%s must be %s, not %s".formatted(key, kind, value));
    }

    private static String kind(Class<?> type, String key) {
        Class<?> wanted =
                MAPPER
                        .getDeserializationConfig()
                        .introspect(MAPPER.constructType(type))
                        .findProperties()
                        .stream()
                        .filter(property -> property.getName().equals(key))
                        .<Class<?>>map(BeanPropertyDefinition::getRawPrimaryType)
                        .findFirst()
                        .orElse(String.class);
        if (wanted == List.class) {
            return "a list such as [" + key + "]";
        } else if (wanted == Integer.class) {
            return "a whole number";
        } else if (wanted == Boolean.class) {
            return "true or false";
        }
        return wanted == Double.class ? "a number" : TEXT;
    }
}
