package dev.stanstudio.web.job;

import dev.stanstudio.web.home.JsonColumn;
import java.nio.file.Path;
import java.util.List;

/**
 * A request for a job.
 *
 * @param owner the visitor who sent it
 * @param title its name for people
 * @param commands the commands, in order
 * @param folder the folder of its results and its log
 * @param result the path of the page that shows its results
 */
public record JobRequest(
        String owner,
        JobKind kind,
        String title,
        @JsonColumn List<JobCommand> commands,
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
