package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.base.command.TerminalText;
import java.io.PrintWriter;
import java.util.List;

/** Messages of commands on standard error about adapters that are not applied whole. */
public final class Warnings {
    private Warnings() {}

    /** Prints each of {@code lines} as a warning. */
    public static void print(PrintWriter err, List<String> lines) {
        lines.forEach(line -> err.println("studio: warning: " + TerminalText.escaped(line)));
        err.flush();
    }

    /** Prints what the file of {@code source} holds that is never applied. */
    public static void leftOut(PrintWriter err, AdapterSource source) {
        print(
                err,
                source.leftOut().stream()
                        .map(LeftOut::message)
                        .map(line -> source.name() + ": " + line)
                        .toList());
    }
}
