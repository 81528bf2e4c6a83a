package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that go where they cannot be written, or to nobody. */
class UnprintedResultTest {
    private static final Path SHELL = Path.of("/bin/bash");

    @TempDir private Path folder;

    private record Ended(int code, String err) {}

    /** Runs {@code studio adapter --help} with its output as the shell's {@code redirection}. */
    private Ended printing(String redirection) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(SHELL) && Files.exists(Path.of("/dev/full")), "needs bash on Linux");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(SHELL.toString(), "-c", "\"$@\" " + redirection, "studio"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Studio.class.getName(), "adapter", "--help"));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start();
        int code = process.waitFor();
        return new Ended(code, Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void aFullDiskIsAFailure() throws Exception {
        String line =
                "studio: what it prints could not be written whole; free space where the output"
                        + " goes\n";
        assertEquals(new Ended(1, line), printing("> /dev/full"));
    }

    @Test
    void aReaderThatLeavesEarlyIsNone() throws Exception {
        Ended none = new Ended(0, "");
        assertEquals(none, printing("| true; exit ${PIPESTATUS[0]}"));
        assertEquals(none, printing(">&-"));
    }
}
