package dev.stanstudio.web.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a job.
 *
 * @param arguments the command line without the program's name; repeated, it resumes where it was
 *     stopped
 * @param result a file or folder that exists only when the command has succeeded, or null if there
 *     is none
 */
public record JobCommand(List<String> arguments, @Nullable String result) {
    /** Keeps a copy of the list. */
    public JobCommand {
        arguments = List.copyOf(arguments);
    }
}
