package dev.stanstudio.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The device has less free memory than an operation needs; existing tensors stay valid. */
public final class OutOfMemoryException extends EngineException {
    private final @Nullable String place;

    OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
        place = null;
    }

    private OutOfMemoryException(String place, OutOfMemoryException cause) {
        super(place + ": " + cause.getMessage(), cause);
        this.place = place;
    }

    /** Returns the device, where it is one of several. */
    public Optional<String> place() {
        return Optional.ofNullable(place);
    }

    @Override
    public OutOfMemoryException at(String where) {
        return new OutOfMemoryException(where, this);
    }
}
