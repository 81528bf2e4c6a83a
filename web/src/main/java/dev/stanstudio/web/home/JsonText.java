package dev.stanstudio.web.home;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.lang.reflect.Type;

/** Reads and writes records as JSON. Thread-safe. */
public final class JsonText {
    private JsonText() {}

    /** Returns the JSON of {@code value}. */
    public static String write(Object value) {
        try {
            return Json.LENIENT.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Parses JSON that a client sent.
     *
     * @throws ArgumentException if it does not fit
     */
    public static <T> T parse(String json, Class<T> type) {
        try {
            return Json.LENIENT_EXACT.readValue(json, type);
        } catch (JsonProcessingException e) {
            String why =
                    e.getCause() instanceof UserException refusal
                            ? String.valueOf(refusal.getMessage())
                            : "no JSON of the right form";
            throw new ArgumentException(why, e);
        }
    }

    /** Reads JSON that this program wrote. */
    public static <T> T read(String json, Class<T> type) {
        return type.cast(read(json, (Type) type));
    }

    /** Reads JSON that this program wrote, as a type that may be generic. */
    static Object read(String json, Type type) {
        try {
            return Json.LENIENT.readValue(json, Json.LENIENT.constructType(type));
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof UserException refusal) {
                // An earlier version, which was less strict, wrote it.
                throw refusal;
            }
            throw new IllegalStateException("the database holds damaged JSON: " + json, e);
        }
    }
}
