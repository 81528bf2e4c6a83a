package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.testing.ServeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
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
    void aKilledStudiosPictureIsDrawnByTheNext() throws IOException {
        Path home = folder.resolve("home");
        String id;
        ServeProcess process =
                ServeProcess.start(
                        home, "--port", "0", "--device", "cpu", "--model", DrawingStudio.model());
        try {
            Ordered order =
                    new DrawingStudio.Visitor(process.address())
                            .order("\"prompts\":[\"boat\"],\"steps\":150");
            order.await(states -> states.equals(List.of("running")));
            id = order.id();
        } finally {
            process.kill();
        }
        try (DrawingStudio studio = new DrawingStudio(home, 1)) {
            assertEquals(List.of("done"), new Ordered(studio.visitor(), id).awaitDone().states());
        }
    }
}
