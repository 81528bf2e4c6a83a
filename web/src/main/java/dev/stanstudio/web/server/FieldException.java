package dev.stanstudio.web.server;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import java.util.function.Supplier;

/** Refuses the value of one field of a form, beside which the page shows the message. */
public final class FieldException extends ArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    /** Refuses the field called {@code field}. */
    public FieldException(String field, String message) {
        super(message);
        this.field = field;
    }

    private FieldException(String field, UserException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.field = field;
    }

    /** Returns the field's name in the form. */
    public String field() {
        return field;
    }

    /**
     * Returns what {@code read} returns.
     *
     * @throws FieldException with the message of what {@code read} throws for a user
     */
    public static <T> T at(String field, Supplier<T> read) {
        try {
            return read.get();
        } catch (FieldException e) {
            throw e;
        } catch (UserException e) {
            throw new FieldException(field, e);
        }
    }
}
