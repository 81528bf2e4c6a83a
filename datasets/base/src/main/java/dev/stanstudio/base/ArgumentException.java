package dev.stanstudio.base;

/**
 * An argument that cannot work, found after the command line was parsed (a width not divisible by
 * 16, an unknown model name). The message names the argument and what it may be; the program exits
 * 2.
 */
public class ArgumentException extends UserException {
    /** A refusal with {@code message}. */
    public ArgumentException(String message) {
        super(message);
    }

    /**
     * A refusal with {@code message}; {@code cause} shows only in the stack trace of {@code
     * --verbose}.
     */
    public ArgumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
