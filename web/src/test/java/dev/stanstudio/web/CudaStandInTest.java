package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.engine.CudaLibraries;
import dev.stanstudio.web.testing.Python;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine with an NVIDIA driver and no card, which a small library stands for. */
class CudaStandInTest {
    /** The variable that names a folder with the wheels that {@code setup cuda --list} prints. */
    private static final String WHEELS = "STUDIO_CUDA_WHEELS";

    @TempDir private Path home;
    private Path driver;

    private record Ended(int code, String text) {}

    @BeforeEach
    void compileDriver() throws IOException, InterruptedException {
        boolean linux =
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64");
        skipUnless(linux, "the CUDA build is for Linux on x86_64");
        skipUnless(isOnPath("gcc"), "no gcc, which makes the stand-in for the driver");
        driver = Files.createDirectory(home.resolve("driver"));
        Path source = home.resolve("libcuda.c");
        try (InputStream in = CudaStandInTest.class.getResourceAsStream("libcuda.c")) {
            Files.copy(in, source);
        }
        Process gcc =
                new ProcessBuilder(
                                "gcc",
                                "-shared",
                                "-fPIC",
                                "-o",
                                driver.resolve("libcuda.so.1").toString(),
                                source.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, gcc.waitFor());
    }

    private static void skipUnless(boolean here, String reason) {
        if (!here) {
            System.out.println("skipped: " + reason);
        }
        assumeTrue(here, reason);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs the program with the stand-in and a home folder of its own. */
    private Ended studio(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx2g", "-Duser.home=" + home));
        command.add("-DENGINE_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Studio.class.getName());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(home, "out", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("LD_LIBRARY_PATH", driver.toString());
        builder.environment().remove(CudaLibraries.PATH);
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(out));
    }

    private static String model() {
        return Python.file("sd3-runtime/src/test/resources/reference/tiny-3.0").toString();
    }

    private Ended draw(Path out, String... more) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of("generate", "--model", model(), "--prompt", "cat", "--steps", "2"));
        arguments.addAll(List.of("--width", "32", "--height", "32", "--out", out.toString()));
        arguments.addAll(List.of(more));
        return studio(arguments.toArray(String[]::new));
    }

    private static String advice(Ended doctor) throws IOException {
        assertEquals(0, doctor.code(), doctor.text());
        JsonNode told =
                new ObjectMapper().readTree(doctor.text().substring(doctor.text().indexOf('{')));
        return told.toString();
    }

    /**
     * Without the wheels: the driver alone leads to the advice to fetch them, and changes nothing.
     */
    @Test
    void driverWithoutTheBuildIsToldOfSetup() throws Exception {
        String advice = advice(studio("doctor", "--json"));
        assertTrue(advice.contains("Run 'studio setup cuda'"), advice);
        Path picture = home.resolve("cat.png");
        Ended drawn = draw(picture);
        assertEquals(0, drawn.code(), drawn.text());
        assertTrue(Files.size(picture) > 0);
    }

    @Test
    void buildStartsWithoutACardAndDrawsOnTheProcessor() throws Exception {
        String wheels = System.getenv(WHEELS);
        skipUnless(
                wheels != null,
                WHEELS
                        + " names no folder with the wheels of 'studio setup cuda --list', 2.8 GB,"
                        + " so the CUDA build is not started");
        Ended filled = studio("setup", "cuda", "--from", wheels);
        assertEquals(0, filled.code(), filled.text());

        String advice = advice(studio("doctor", "--json"));
        assertTrue(advice.contains("runs, but finds no card it can use"), advice);
        assertTrue(advice.contains(CudaLibraries.VERSION), advice);

        Path picture = home.resolve("cat.png");
        Ended drawn = draw(picture);
        assertEquals(0, drawn.code(), drawn.text());
        assertTrue(Files.size(picture) > 0);

        Ended refused = draw(home.resolve("no.png"), "--device", "cuda");
        assertEquals(2, refused.code(), refused.text());
        assertTrue(refused.text().contains("device cuda:0 is not available"), refused.text());
    }
}
