package dev.stanstudio.web.job;

import java.nio.file.Path;
import java.util.List;

/**
 * A job that is asked for.
 *
 * @param owner the visitor who asks
 * @param title what people call it
 * @param commands run in order
 * @param folder where its results appear, and what its commands say
 * @param result the page that shows what came out
 */
public record JobRequest(
        String owner,
        JobKind kind,
        String title,
        List<JobCommand> commands,
        Path folder,
        String result) {
    /** Keeps a copy of the list. */
    public JobRequest {
        commands = List.copyOf(commands);
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("a job needs a command");
        }
    }
}
