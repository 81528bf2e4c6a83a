package dev.stanstudio.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns libtorch's long messages into one line. */
final class EngineErrors {
    private static final String CAUSE = "RuntimeError:";

    private EngineErrors() {}

    static EngineException translate(String where, Throwable failure) {
        if (failure instanceof EngineException engine) {
            return engine;
        }
        String reason = reason(failure.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("out of memory")
                || reason.contains("can't allocate memory")) {
            return new OutOfMemoryException(where + ": " + reason, failure);
        }
        return new EngineException(where + ": " + reason, failure);
    }

    private static String reason(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return "libtorch gave no reason";
        }
        int cause = message.lastIndexOf(CAUSE);
        String tail = cause < 0 ? message : message.substring(cause + CAUSE.length());
        return tail.strip().lines().findFirst().orElse("libtorch gave no reason").strip();
    }
}
