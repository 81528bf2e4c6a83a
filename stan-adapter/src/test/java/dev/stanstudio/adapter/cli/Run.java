package dev.stanstudio.adapter.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** One run of {@code adapter …}: its exit code, what it printed and how it failed. */
record Run(int code, String out, String err, @Nullable Exception failure) {
    static Run of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        AtomicReference<Exception> failure = new AtomicReference<>();
        int code =
                new CommandLine(new AdapterCommand())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    failure.set(e);
                                    return 1;
                                })
                        .execute(args);
        return new Run(code, out.toString(), err.toString(), failure.get());
    }

    String message() {
        return failure == null ? "no failure" : String.valueOf(failure.getMessage());
    }
}
