package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ChildEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A captioner's process, without this one's secrets, its lines and its messages. */
final class RunningProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Process process;
    private final AnswerLines lines;
    private final LastWords words;

    private RunningProgram(Process process) {
        this.process = process;
        this.lines = new AnswerLines(process.getInputStream());
        this.words = new LastWords(process.getErrorStream());
    }

    /**
     * Starts {@code command}.
     *
     * @throws ArgumentException if there is no such program
     */
    static RunningProgram start(List<String> command) {
        try {
            return new RunningProgram(
                    ChildEnvironment.withoutSecrets(new ProcessBuilder(command)).start());
        } catch (IOException e) {
            throw new ArgumentException(
                    "--command cannot be started: there is no program '%s' that may be run"
                            .formatted(command.get(0)),
                    e);
        }
    }

    AnswerLines lines() {
        return lines;
    }

    /** Writes a line to the program; returns false if it does not read any more. */
    boolean tell(String line) {
        try {
            OutputStream out = process.getOutputStream();
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells the program that nothing more will be asked. */
    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /** Returns how a program that prints no more ended, with its last message. */
    String ending() throws InterruptedException {
        boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        close();
        return (ended ? "ended with exit code " + process.exitValue() : "closed its output")
                + words.told();
    }

    /** Returns the exit code, or -1 if the program does not end. */
    int exitCode() throws InterruptedException {
        return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                ? process.exitValue()
                : -1;
    }

    @Override
    public void close() {
        // A shell's children would hold its output open.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
