package dev.stanstudio.engine;

import dev.stanstudio.base.UserException;

/** A failure inside the tensor engine, with libtorch's own last line in the message. */
public class EngineException extends UserException {
    /** Wraps {@code cause} under {@code message}. */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A failure found before libtorch was asked. */
    public EngineException(String message) {
        super(message);
    }

    /** Returns the same failure with {@code place} before its message. */
    public EngineException at(String place) {
        return new EngineException(place + ": " + getMessage(), this);
    }
}
