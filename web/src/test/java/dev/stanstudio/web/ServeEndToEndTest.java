package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.datasets.cli.StudioCommand;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The served studio beside the commands, and after the death of its process. */
class ServeEndToEndTest {
    @TempDir Path folder;

    @Test
    void aCellIsTheFileThatGenerateWrites() throws IOException {
        Path file = folder.resolve("boat.png");
        Run run =
                Run.of(
                        new Interruption(Thread.currentThread()),
                        ServiceLoader.load(StudioCommand.class),
                        "generate",
                        "--model",
                        DrawingStudio.model(),
                        "--prompt",
                        "a boat",
                        "--style",
                        "woodcut",
                        "--seed",
                        "3",
                        "--steps",
                        "3",
                        "--guidance",
                        "2.5",
                        "--sampler",
                        "heun",
                        "--width",
                        "64",
                        "--height",
                        "48",
                        "--device",
                        "cpu",
                        "--out",
                        file.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        try (DrawingStudio studio = new DrawingStudio(folder.resolve("home"), 1)) {
            Ordered order =
                    studio.visitor()
                            .order(
                                    "\"prompts\":[\"a boat\"],\"styles\":[\"woodcut\"],"
                                            + "\"seeds\":[3],\"steps\":3,\"guidance\":2.5,"
                                            + "\"sampler\":\"heun\"")
                            .awaitDone();
            assertArrayEquals(Files.readAllBytes(file), order.png(0));
        }
    }

    /** The process is killed while it draws; another one finishes its picture. */
    @Test
    void aKilledStudiosPictureIsDrawnByTheNext() throws IOException, InterruptedException {
        Path home = folder.resolve("home");
        Process process = serve(home);
        String id;
        try (BufferedReader out =
                new BufferedReader(
                        new java.io.InputStreamReader(
                                process.getInputStream(), StandardCharsets.UTF_8))) {
            String said = String.valueOf(out.readLine());
            String address = said.replaceFirst(".*(http://\\S+).*", "$1");
            Ordered order =
                    new DrawingStudio.Visitor(address)
                            .order("\"prompts\":[\"boat\"],\"steps\":150");
            order.await(states -> states.equals(List.of("running")));
            id = order.id();
        } finally {
            process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
        try (DrawingStudio studio = new DrawingStudio(home, 1)) {
            assertEquals(List.of("done"), new Ordered(studio.visitor(), id).awaitDone().states());
        }
    }

    private static Process serve(Path home) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djava.awt.headless=true",
                        "dev.stanstudio.web.Studio",
                        "serve",
                        "--port",
                        "0",
                        "--device",
                        "cpu",
                        "--model",
                        DrawingStudio.model());
        builder.environment().put("STUDIO_HOME", home.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
