package dev.stanstudio.web;

import dev.stanstudio.base.command.StudioCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** Runs the commands of a file, an argument a line and an empty line after each, in one process. */
final class RecordedCommands {
    private RecordedCommands() {}

    public static void main(String[] args) throws IOException {
        for (String command : Files.readString(Path.of(args[0])).split("\n\n")) {
            List<String> words = command.lines().toList();
            Interruption interruption = new Interruption(Thread.currentThread());
            int code =
                    new Studio(interruption)
                            .run(
                                    ServiceLoader.load(StudioCommand.class),
                                    words.toArray(String[]::new));
            if (code != 0) {
                System.out.println("failed: " + String.join(" ", words));
                System.exit(code);
            }
        }
        SmallCalls.make();
        System.exit(0);
    }
}
