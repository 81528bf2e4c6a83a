package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
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
import java.util.stream.Stream;

/**
 * Runs the steps of an experiment in order. A step that is done leaves its command line in {@code
 * steps/NAME.done}, with the hashes of what it read, and is not run again unless that has changed;
 * one that failed or was interrupted runs again as a whole, and its command resumes where it
 * stopped.
 */
final class StepRunner {
    /** Begins a line of a step's record: the hash of a file that it read, and the file. */
    private static final String READ = "# read ";

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
            String read = read(step);
            if (!isDone(step, mark, read)) {
                output.accept("[" + step.name() + "] " + step.line());
                if (step.result() == null || !Files.exists(step.result())) {
                    execute(step);
                }
                AtomicFile.write(
                        mark,
                        out ->
                                out.write(
                                        (step.line() + "\n" + read)
                                                .getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    /** Returns a line for each file that the step reads. */
    private String read(Step step) {
        StringBuilder lines = new StringBuilder();
        try {
            for (Path input : step.inputs()) {
                for (Path file : files(input)) {
                    lines.append(READ).append(Sha256.ofFile(file)).append("  ");
                    lines.append(folder.toAbsolutePath().relativize(file.toAbsolutePath()));
                    lines.append('\n');
                }
            }
        } catch (IOException e) {
            throw new UserException(folder + " cannot be used: " + e.getMessage(), e);
        }
        return lines.toString();
    }

    /** Returns the regular files that {@code input} is or holds; none where it is not there. */
    private static List<Path> files(Path input) throws IOException {
        if (!Files.isDirectory(input)) {
            return Files.isRegularFile(input) ? List.of(input) : List.of();
        }
        try (Stream<Path> inside = Files.list(input)) {
            return inside.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private boolean isDone(Step step, Path mark, String read) {
        try {
            Files.createDirectories(folder.resolve("steps"));
            if (!Files.exists(mark)) {
                return false;
            }
            String text = Files.readString(mark, StandardCharsets.UTF_8);
            int end = text.indexOf("\n" + READ);
            String before = (end < 0 ? text : text.substring(0, end)).strip();
            String readBefore = end < 0 ? "" : text.substring(end + 1);
            if (!before.equals(step.line())) {
                throw new UserException(
                        ("step %s was done in %s with other settings (%s); take another --out, or"
                                        + " remove %s and what the step made")
                                .formatted(step.name(), folder, before, mark));
            }
            if (read.equals(readBefore)) {
                return true;
            }
            if (step.result() != null && Files.exists(step.result()) && !readBefore.isEmpty()) {
                throw new UserException(
                        ("step %s was done in %s, and what it read has changed since (%s); take"
                                        + " another --out, or take back the change")
                                .formatted(step.name(), folder, step.inputs()));
            }
            return false;
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
