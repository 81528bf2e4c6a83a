package dev.stanstudio.web;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Ends a process politely when the one that started it has died, so that no command continues that
 * somebody else is about to take up.
 */
final class ParentWatch {
    /** Number of the process that started this one. */
    static final String PROPERTY = "studio.parent";

    private ParentWatch() {}

    /** Runs {@code end} as soon as the process that {@link #PROPERTY} names is gone. */
    static void install(Runnable end) {
        Long parent = Long.getLong(PROPERTY);
        if (parent == null) {
            return;
        }
        Optional<ProcessHandle> running = ProcessHandle.of(parent);
        if (running.isEmpty()) {
            end.run();
            return;
        }
        CompletableFuture<Void> unused = running.get().onExit().thenRun(end);
    }
}
