package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may not write large files: to it the disk is full before a file is whole. */
class FullDiskTest {
    private static final Path SHELL = Path.of("/bin/bash");
    private static final Path MODEL = Path.of("..", "sd3-runtime", "models", "sd3-nano");
    private static final int KIBIBYTES = 600;

    @TempDir private Path folder;

    /** Exit code and what went to standard error. */
    private record Ended(int code, String err) {}

    private Ended studio(boolean full, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        String limit = full ? "ulimit -f " + KIBIBYTES + "; " : "";
        command.addAll(List.of(SHELL.toString(), "-c", limit + "exec \"$@\"", "studio"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Dai.djl.offline=true"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Studio.class.getName());
        command.addAll(List.of(args));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start();
        int code = process.waitFor();
        return new Ended(code, Files.readString(err, StandardCharsets.UTF_8));
    }

    private Ended train(boolean full) throws Exception {
        return studio(
                full,
                "train",
                "--model",
                MODEL.toString(),
                "--method",
                "stan",
                "--steps",
                "2",
                "--dtype",
                "fp32",
                "--samples",
                "0",
                "--data",
                folder.resolve("data").toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "--out",
                folder.resolve("run").toString());
    }

    @Test
    void aTrainingThatCannotSaveSaysSoAndGoesOnWhenItCan() throws Exception {
        assumeTrue(Files.exists(SHELL), "skipped: bash limits the size of files, and is not here");
        Path data = folder.resolve("data");
        String[] synth = {
            "dataset", "synth", "--out", data.toString(), "--count", "4", "--styles", "baroque"
        };
        assertEquals(0, studio(false, synth).code());
        Ended ended = train(true);
        assertEquals(1, ended.code(), ended.err());
        String last = ended.err().lines().reduce((a, b) -> b).orElse("");
        assertTrue(last.startsWith("studio: ") && last.contains("checkpoint"), ended.err());
        assertFalse(ended.err().contains("\tat "), "no stack trace: " + ended.err());
        assertEquals(List.of(), leftovers(), "nothing half-written stays");
        Ended again = train(false);
        assertEquals(0, again.code(), again.err());
        assertTrue(Files.exists(folder.resolve("run/adapter/adapter_model.safetensors")));
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("run"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("safetensors"))
                    .toList();
        }
    }
}
