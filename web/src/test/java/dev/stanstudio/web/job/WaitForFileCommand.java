package dev.stanstudio.web.job;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command of tests that runs until a file exists, and writes another when it begins. */
@Command(name = WaitForFileCommand.NAME, hidden = true, description = "Wait for a file.")
public final class WaitForFileCommand implements StudioCommand {
    static final String NAME = "wait-for-file";
    private static final Duration PAUSE = Duration.ofMillis(20);

    @Option(names = "--begun", required = true, description = "The file that it writes.")
    Path begun = Path.of("");

    @Option(names = "--file", required = true, description = "The file that it waits for.")
    Path file = Path.of("");

    static JobCommand waiting(Path begun, Path file) {
        return new JobCommand(
                List.of(NAME, "--begun", begun.toString(), "--file", file.toString()), null);
    }

    @Override
    public Integer call() throws IOException {
        Files.writeString(begun, "");
        while (Files.notExists(file)) {
            if (Thread.currentThread().isInterrupted()) {
                return ExitCodes.INTERRUPTED;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return ExitCodes.DONE;
    }
}
