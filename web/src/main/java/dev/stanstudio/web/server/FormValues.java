package dev.stanstudio.web.server;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a submitted form, with which a refused form is shown again.
 *
 * @param given text by the field's name
 */
public record FormValues(Map<String, String> given) {
    /** A form that nobody has filled in yet. */
    public static final FormValues EMPTY = new FormValues(Map.of());

    /** Keeps a copy. */
    public FormValues {
        given = Map.copyOf(given);
    }

    /** The fields of a request; of a repeated one the first. Files are no values. */
    public static FormValues of(Context ctx) {
        return first(ctx.formParamMap());
    }

    private static FormValues first(Map<String, List<String>> fields) {
        Map<String, String> given = new HashMap<>();
        fields.forEach(
                (name, values) ->
                        values.stream().limit(1).forEach(v -> given.put(name, v.strip())));
        return new FormValues(given);
    }

    /** The parameters of an address; of a repeated one the first. */
    public static FormValues ofQuery(Context ctx) {
        return first(ctx.queryParamMap());
    }

    /** Returns a field's value, or {@code otherwise} if the form was not submitted. */
    public String value(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    /** Returns a field's value; empty if it was left empty. */
    public String text(String name) {
        return value(name, "");
    }

    /**
     * A whole number as text, or an empty one for a field that was left empty.
     *
     * @param what names the field in the message
     * @throws ArgumentException if it is none, or below {@code least}
     */
    public String whole(String name, String what, long least) {
        String text = text(name);
        if (text.isEmpty()) {
            return "";
        }
        try {
            if (Long.parseLong(text) >= least) {
                return text;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ArgumentException(
                "%s must be a whole number of at least %s, not '%s'".formatted(what, least, text));
    }

    /**
     * Returns the whole number of a field that must hold one.
     *
     * @throws ArgumentException if it does not
     */
    public int integer(String name) {
        String text = text(name);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new FieldException(
                    name, "%s must be a whole number, not '%s'".formatted(name, text));
        }
    }

    /**
     * Returns the number of a field; null where the field was left empty.
     *
     * @throws ArgumentException if it holds something else
     */
    public @Nullable Double number(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Decimal.parse(text);
        } catch (NumberFormatException e) {
            throw new FieldException(name, "%s must be a number, not '%s'".formatted(name, text));
        }
    }
}
