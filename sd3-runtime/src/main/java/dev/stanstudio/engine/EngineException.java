package dev.stanstudio.engine;

/** A failure inside the tensor engine, with the engine's own last line as its message. */
public final class EngineException extends RuntimeException {
    /** Wraps {@code cause} under {@code message}. */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
