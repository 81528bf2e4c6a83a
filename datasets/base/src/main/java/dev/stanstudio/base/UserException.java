package dev.stanstudio.base;

/**
 * A failure that the user can fix: the message is one line that names the thing and what to change.
 */
public class UserException extends RuntimeException {
    /** A failure described by {@code message}. */
    public UserException(String message) {
        super(message);
    }

    /** A failure described by {@code message}, found through {@code cause}. */
    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
