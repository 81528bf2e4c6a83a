package dev.stanstudio.web;

import dev.stanstudio.base.command.StudioCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** One run of the program inside the test's own process. */
record Run(int code, String out, String err) {
    static Run of(StudioCommand command, String... args) {
        return of(new Interruption(Thread.currentThread()), List.of(command), args);
    }

    static Run of(
            Interruption interruption, Iterable<? extends StudioCommand> commands, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Studio studio =
                new Studio(interruption).writingTo(new PrintWriter(out), new PrintWriter(err));
        int code = studio.run(commands, args);
        return new Run(code, out.toString(), err.toString());
    }

    static Run failingWith(Throwable failure, String... more) {
        FakeCommand command =
                new FakeCommand(
                        () -> {
                            if (failure instanceof Error error) {
                                throw error;
                            }
                            throw (Exception) failure;
                        });
        String[] args = new String[more.length + 1];
        args[0] = "fake";
        System.arraycopy(more, 0, args, 1, more.length);
        return of(command, args);
    }
}
