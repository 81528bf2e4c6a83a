package dev.stanstudio.web.server;

import dev.stanstudio.base.ArgumentException;
import java.util.function.Supplier;

/** A refusal of what one field of a form holds; the page shows it at that field. */
public final class FieldException extends ArgumentException {
    private final String field;

    /** A refusal of the field called {@code field}. */
    public FieldException(String field, String message) {
        super(message);
        this.field = field;
    }

    private FieldException(String field, ArgumentException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.field = field;
    }

    /** Returns what {@code read} returns; its refusals are those of {@code field}. */
    public static <T> T at(String field, Supplier<T> read) {
        try {
            return read.get();
        } catch (FieldException e) {
            throw e;
        } catch (ArgumentException e) {
            throw new FieldException(field, e);
        }
    }

    /** The name of the field in the form. */
    public String field() {
        return field;
    }
}
