package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.stanstudio.base.UserException;
import java.lang.reflect.RecordComponent;

/** Refuses settings of a kind that are left out or null where only numbers may be left out. */
final class RequiredSettings {
    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

    private final String origin;

    private RequiredSettings(String origin) {
        this.origin = origin;
    }

    /**
     * Checks the settings before the record {@code kind} is made of them.
     *
     * @throws UserException that names {@code origin} and what is not there
     */
    static void check(String origin, Class<?> kind, JsonNode settings) {
        new RequiredSettings(origin).require(kind, "settings", settings);
    }

    private void require(Class<?> type, String name, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            throw new UserException(
                    "%s has no %s; get the adapter again, or write it again"
                            .formatted(origin, name));
        }
        if (type.isRecord() && value.isObject()) {
            for (RecordComponent part : type.getRecordComponents()) {
                String field = NAMES.translate(part.getName());
                if (!part.getType().isPrimitive()) {
                    require(part.getType(), name + "." + field, value.path(field));
                }
            }
            return;
        }
        value.properties()
                .forEach(one -> require(Object.class, name + "." + one.getKey(), one.getValue()));
    }
}
