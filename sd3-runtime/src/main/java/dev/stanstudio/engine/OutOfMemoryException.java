package dev.stanstudio.engine;

/** The device has less free memory than an operation needs; existing tensors stay valid. */
public final class OutOfMemoryException extends EngineException {
    OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
