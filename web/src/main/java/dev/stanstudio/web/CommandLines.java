package dev.stanstudio.web;

import dev.stanstudio.datasets.cli.StudioCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;

/** Runs command lines of {@code studio} inside the process. */
public final class CommandLines {
    private CommandLines() {}

    /**
     * Runs one command line as the program does; never throws.
     *
     * @param out takes what the command prints
     * @param err takes its progress and the line that tells of a failure
     * @param arguments without the program's name
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, List<String> arguments) {
        return new Studio(new Interruption(Thread.currentThread()))
                .writingTo(out, err)
                .run(ServiceLoader.load(StudioCommand.class), arguments.toArray(String[]::new));
    }
}
