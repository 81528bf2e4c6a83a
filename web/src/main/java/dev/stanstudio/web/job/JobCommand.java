package dev.stanstudio.web.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a job.
 *
 * @param arguments the command line without the program's name; given again it goes on from where
 *     it was stopped
 * @param result a file or folder that is there only when the command has ended well, or null if
 *     nothing tells
 */
public record JobCommand(List<String> arguments, @Nullable String result) {
    /** Keeps a copy of the list. */
    public JobCommand {
        arguments = List.copyOf(arguments);
    }
}
