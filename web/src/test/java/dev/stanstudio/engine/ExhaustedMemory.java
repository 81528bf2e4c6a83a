package dev.stanstudio.engine;

/** Makes the failure that only the engine can make. */
public final class ExhaustedMemory {
    private ExhaustedMemory() {}

    public static OutOfMemoryException saying(String message) {
        return new OutOfMemoryException(message, new IllegalStateException(message));
    }
}
