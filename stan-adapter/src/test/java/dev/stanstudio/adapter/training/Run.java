package dev.stanstudio.adapter.training;

import dev.stanstudio.base.command.CommandTree;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of {@code adapter …}: its exit code, what it printed and how it failed. */
public record Run(int code, String out, String err, @Nullable Exception failure) {
    public static Run of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        AtomicReference<Exception> failure = new AtomicReference<>();
        int code =
                CommandTree.installed()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    failure.set(e);
                                    return 1;
                                })
                        .execute(
                                Stream.concat(Stream.of("adapter"), Stream.of(args))
                                        .toArray(String[]::new));
        return new Run(code, out.toString(), err.toString(), failure.get());
    }

    public String message() {
        return failure == null ? "no failure" : String.valueOf(failure.getMessage());
    }
}
