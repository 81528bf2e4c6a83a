package dev.stanstudio.engine;

/** The device has not the memory that an operation asked for; nothing is damaged by it. */
public final class OutOfMemoryException extends EngineException {
    OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
