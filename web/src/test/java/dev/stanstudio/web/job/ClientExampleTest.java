package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.BuiltInJudges;
import dev.stanstudio.web.testing.Python;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example client of the documentation goes from a training to a study, by HTTP alone. */
@ExtendWith(BuiltInJudges.class)
class ClientExampleTest {
    @TempDir static Path folder;

    @Test
    void fromTrainingToStudy() throws IOException {
        Python python = Python.with("urllib.request");
        StudioContext studio = WorkStudio.with(folder, "two-styles", 8, "woodcut,cubism");
        try (Database database = studio.database();
                StudioServer server =
                        StudioServer.start(new ServerSettings("127.0.0.1", 0, ""), studio)) {
            Python.Outcome outcome = python.run(arguments(server.address()));
            assertEquals(0, outcome.status(), outcome.told());
            assertTrue(outcome.told().contains("trained tiny-stan: stan, "), outcome.told());
            assertTrue(outcome.told().contains("drew 4 pictures"), outcome.told());
            assertTrue(outcome.told().contains("clip_t of tiny-stan: "), outcome.told());
            assertTrue(outcome.told().contains("locked with 0 votes; "), outcome.told());
            Python.Outcome again = python.run(arguments(server.address()));
            assertEquals(1, again.status(), again.told());
            assertTrue(again.told().startsWith("studio_client: there is "), again.told());
        }
    }

    /** As little as goes through every part. */
    private static List<String> arguments(String address) {
        return List.of(
                Python.file("docs/client/studio_client.py").toString(),
                "--address=" + address,
                "--name=tiny-stan",
                "--model=" + DrawingStudio.model(),
                "--collection=two-styles",
                "--styles=woodcut,cubism",
                "--steps=2",
                "--batch=1",
                "--seeds=1",
                "--size=64",
                "--picture-steps=1",
                "--pause=0.1",
                "--lock");
    }
}
