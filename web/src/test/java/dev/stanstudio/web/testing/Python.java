package dev.stanstudio.web.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Python that runs a script of the project, or skips the test and prints why. */
public final class Python {
    private final String program;

    /** The output of a script and its exit status. */
    public record Outcome(int status, String told) {}

    private Python(String program) {
        this.program = program;
    }

    /** Returns one that can import {@code module}: STUDIO_PYTHON's, or else {@code python3}. */
    public static Python with(String module) {
        List<String> programs =
                Stream.of(
                                System.getProperty("STUDIO_PYTHON"),
                                System.getenv("STUDIO_PYTHON"),
                                "python3")
                        .filter(Objects::nonNull)
                        .filter(name -> !name.isEmpty())
                        .toList();
        for (String program : programs) {
            Python python = new Python(program);
            if (python.imports(module)) {
                return python;
            }
        }
        System.out.println("skipped: neither STUDIO_PYTHON nor python3 has " + module);
        Assumptions.assumeTrue(false, "no Python with " + module);
        throw new AssertionError();
    }

    /** Returns the interpreter. */
    public String program() {
        return program;
    }

    private boolean imports(String module) {
        try {
            return run(List.of("-c", "import " + module)).status() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** Runs with {@code arguments} and waits for the end. */
    public Outcome run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(process.waitFor(), told);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns a file of the project. */
    public static Path file(String path) {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.exists(here.resolve(path))) {
            here = here.getParent();
        }
        return Objects.requireNonNull(here, path).resolve(path);
    }
}
