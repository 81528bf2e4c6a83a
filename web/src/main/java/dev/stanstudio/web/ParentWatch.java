package dev.stanstudio.web;

import dev.stanstudio.datasets.cli.ExitCodes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Ends a process politely when the one that started it has died, so that no command goes on that
 * somebody else is about to take up.
 */
final class ParentWatch {
    /** Number of the process that started this one. */
    static final String PROPERTY = "studio.parent";

    private ParentWatch() {}

    static void install() {
        Long parent = Long.getLong(PROPERTY);
        if (parent == null) {
            return;
        }
        Optional<ProcessHandle> running = ProcessHandle.of(parent);
        if (running.isEmpty()) {
            System.exit(ExitCodes.INTERRUPTED);
        }
        CompletableFuture<Void> unused =
                running.get().onExit().thenRun(() -> System.exit(ExitCodes.INTERRUPTED));
    }
}
