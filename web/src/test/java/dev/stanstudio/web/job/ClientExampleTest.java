package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.Python;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example client of the documentation goes from a training to a study, by HTTP alone. */
class ClientExampleTest {
    private static final String JUDGES = "studio.scoring.models";

    @TempDir static Path folder;
    private static String judges = "";

    @BeforeAll
    static void findJudges() {
        judges = System.getProperty(JUDGES, "");
        System.setProperty(JUDGES, Path.of("../scoring/models").toAbsolutePath().toString());
    }

    @AfterAll
    static void forgetJudges() {
        System.setProperty(JUDGES, judges);
    }

    @Test
    void fromTrainingToStudy() throws IOException {
        Python python = Python.with("urllib.request");
        StudioHome home = new StudioHome(folder.resolve("home"));
        collect(home.subfolder("collections").resolve("two-styles"));
        StudioContext studio =
                new StudioContext(
                        home,
                        Database.open(null, home.databaseFile()),
                        Clock.systemUTC(),
                        new WorkSettings(DrawingStudio.model(), "cpu", "fp32", 1, false));
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

    private static void collect(Path collection) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        List<String> command =
                List.of(
                        "dataset",
                        "synth",
                        "--out",
                        collection.toString(),
                        "--count",
                        "8",
                        "--size",
                        "64",
                        "--styles",
                        "woodcut,cubism");
        assertEquals(0, CommandLines.run(out, out, command), said.toString());
    }
}
