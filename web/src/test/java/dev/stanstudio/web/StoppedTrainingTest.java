package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings in processes of their own, met at work by a signal. */
class StoppedTrainingTest {
    private static final Path MODEL = Path.of("..", "sd3-runtime", "models", "sd3-nano");
    private static final String CHECKPOINT = "checkpoint.safetensors";

    /** Gives a signal back that this process may have been started to ignore. */
    private static final List<String> BEFORE = List.of("env", "--default-signal=INT");

    @TempDir private Path folder;

    private static Process studio(List<String> args) throws IOException {
        List<String> command = new ArrayList<>(BEFORE);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Dai.djl.offline=true"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Studio.class.getName());
        command.addAll(args);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String finish(List<String> args) throws Exception {
        Process process = studio(args);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** Sends {@code signal} after the first step; what the process said from then on. */
    private static String stop(List<String> args, String signal, int code) throws Exception {
        Process process = studio(args);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        List<String> before = new ArrayList<>();
        while (line != null && !line.startsWith("train ")) {
            before.add(line);
            line = out.readLine();
        }
        assertNotNull(line, () -> "it ended before its first step: " + before);
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
        String after = out.lines().collect(Collectors.joining("\n"));
        assertEquals(code, process.waitFor(), after);
        return after;
    }

    private List<String> training(String name) {
        return List.of(
                "train",
                "--model",
                MODEL.toString(),
                "--method",
                "stan",
                "--steps",
                "12",
                "--batch",
                "1",
                "--threads",
                "1",
                "--log-every",
                "1",
                "--dtype",
                "fp32",
                "--samples",
                "0",
                "--data",
                folder.resolve("data").toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "--out",
                folder.resolve(name).toString());
    }

    private byte[] adapter(String name) throws IOException {
        return Files.readAllBytes(
                folder.resolve(name).resolve("adapter/adapter_model.safetensors"));
    }

    private static List<String> halves(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".tmp") || name.endsWith(".part"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-TERM", "-INT"})
    void aStoppedTrainingGoesOnToTheSameAdapter(String signal) throws Exception {
        finish(
                List.of(
                        "dataset",
                        "synth",
                        "--out",
                        folder.resolve("data").toString(),
                        "--count",
                        "4",
                        "--styles",
                        "baroque"));
        int code = signal.equals("-INT") ? 130 : 143;
        String said = stop(training("stopped"), signal, code);
        assertTrue(said.contains("stopped at step "), said);
        assertTrue(said.contains("the same command goes on from there"), said);
        assertTrue(Files.exists(folder.resolve("stopped").resolve(CHECKPOINT)), said);
        assertEquals(List.of(), halves(folder.resolve("stopped")));
        String resumed = finish(training("stopped"));
        assertTrue(
                resumed.lines().noneMatch(line -> line.startsWith("train 1/")),
                "it goes on, and does not begin again: " + resumed);
        finish(training("unbroken"));
        assertArrayEquals(adapter("unbroken"), adapter("stopped"));
    }

    @Test
    void aStoppedPretrainingSaves() throws Exception {
        Path out = folder.resolve("vae");
        List<String> vae =
                List.of(
                        "pretrain",
                        "vae",
                        "--out",
                        out.toString(),
                        "--steps",
                        "200",
                        "--batch",
                        "1",
                        "--crop",
                        "32",
                        "--pictures",
                        "8",
                        "--shards",
                        "1",
                        "--threads",
                        "1",
                        "--log-every",
                        "1");
        String said = stop(vae, "-TERM", 143);
        assertTrue(said.contains("stopped at step "), said);
        assertTrue(Files.exists(out.resolve(CHECKPOINT)), said);
    }
}
