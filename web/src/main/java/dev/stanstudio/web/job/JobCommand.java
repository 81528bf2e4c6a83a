package dev.stanstudio.web.job;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One command of a job.
 *
 * @param arguments the command line without the program's name; repeated, it resumes where it was
 *     stopped
 * @param result a file or folder that exists only when the command has succeeded, or null if there
 *     is none
 * @param own whether a result counts only if this job made it: in the place where a training writes
 *     its adapter, any other is of other settings
 * @param inputs what must not have changed since the job was ordered
 */
public record JobCommand(
        List<String> arguments,
        @Nullable String result,
        boolean own,
        @Nullable List<OrderedInput> inputs) {
    /** Keeps copies of the lists. */
    public JobCommand {
        arguments = List.copyOf(arguments);
        // Jobs that were ordered in an earlier version say nothing of them.
        inputs = inputs == null ? List.of() : List.copyOf(inputs);
    }

    /** A command whose result may be of another job as well. */
    public JobCommand(List<String> arguments, @Nullable String result) {
        this(arguments, result, false, List.of());
    }

    /**
     * Refuses inputs that have changed.
     *
     * @throws dev.stanstudio.base.UserException that names the first of them
     */
    void requireInputs() {
        Objects.requireNonNull(inputs, "the constructor sets them")
                .forEach(OrderedInput::requireSame);
    }
}
