package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Runs the steps of an experiment in order. A step that is done leaves its command line in {@code
 * steps/NAME.done} and is not run again; one that failed or was interrupted runs again as a whole,
 * and its command resumes where it stopped.
 */
final class StepRunner {
    private final Path folder;
    private final ToIntFunction<List<String>> program;
    private final Consumer<String> output;

    /**
     * Creates a runner in {@code folder}.
     *
     * @param program runs a command line and gives its exit code
     * @param output takes a line before each step
     */
    StepRunner(Path folder, ToIntFunction<List<String>> program, Consumer<String> output) {
        this.folder = folder;
        this.program = program;
        this.output = output;
    }

    /**
     * Runs the steps that are not done yet.
     *
     * @throws UserException when a step fails, or was done before with other arguments
     * @throws CancellationException when the thread is interrupted between steps
     */
    void run(List<Step> steps) {
        for (Step step : steps) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted before step " + step.name());
            }
            Path mark = folder.resolve("steps").resolve(step.name() + ".done");
            if (!isDone(step, mark)) {
                output.accept("[" + step.name() + "] " + step.line());
                if (step.result() == null || !Files.exists(step.result())) {
                    execute(step);
                }
                AtomicFile.write(
                        mark,
                        out -> out.write((step.line() + "\n").getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private boolean isDone(Step step, Path mark) {
        try {
            Files.createDirectories(folder.resolve("steps"));
            if (!Files.exists(mark)) {
                return false;
            }
            String before = Files.readString(mark, StandardCharsets.UTF_8).strip();
            if (!before.equals(step.line())) {
                throw new UserException(
                        ("step %s was done in %s with other settings (%s); take another --out, or"
                                        + " remove %s and what the step made")
                                .formatted(step.name(), folder, before, mark));
            }
            return true;
        } catch (IOException e) {
            throw new UserException(folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void execute(Step step) {
        int code = program.applyAsInt(step.arguments());
        if (code == ExitCodes.INTERRUPTED || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted in step " + step.name());
        }
        if (code != ExitCodes.DONE) {
            throw new UserException(
                    ("step %s failed with exit code %s; the line above says why. The same command"
                                    + " goes on from there")
                            .formatted(step.name(), code));
        }
    }
}
