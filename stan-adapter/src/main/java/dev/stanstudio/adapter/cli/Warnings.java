package dev.stanstudio.adapter.cli;

import dev.stanstudio.adapter.LeftOut;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.datasets.cli.TerminalText;
import java.io.PrintWriter;
import java.util.List;

/** Messages of commands on standard error about adapters that are not applied whole. */
final class Warnings {
    private Warnings() {}

    /** Prints each of {@code lines} as a warning. */
    static void print(PrintWriter err, List<String> lines) {
        lines.forEach(line -> err.println("studio: warning: " + TerminalText.escaped(line)));
        err.flush();
    }

    /** Prints what the file of {@code source} holds that is never applied. */
    static void leftOut(PrintWriter err, AdapterSource source) {
        print(
                err,
                source.leftOut().stream()
                        .map(LeftOut::message)
                        .map(line -> source.name() + ": " + line)
                        .toList());
    }
}
