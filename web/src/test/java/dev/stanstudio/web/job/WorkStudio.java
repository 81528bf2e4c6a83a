package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.server.StudioContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** The tiny model, judges and collection with which a studio trains, draws and scores. */
final class WorkStudio {
    private WorkStudio() {}

    /**
     * Returns a studio with a worker, and with a procedural collection to train on.
     *
     * @param count pictures of the collection, which are 64 pixels a side
     * @param styles of the collection, with commas between them
     */
    static StudioContext with(Path folder, String collection, int count, String styles) {
        StudioHome home = new StudioHome(folder.resolve("home"));
        collect(home.subfolder("collections").resolve(collection), count, styles);
        return new StudioContext(
                home,
                Database.open(null, home.databaseFile()),
                Clock.systemUTC(),
                new WorkSettings(
                        DrawingStudio.model(), "cpu", "fp32", Quantization.NONE, 1, false));
    }

    private static void collect(Path collection, int count, String styles) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        List<String> command =
                List.of(
                        "dataset",
                        "synth",
                        "--out",
                        collection.toString(),
                        "--count",
                        String.valueOf(count),
                        "--size",
                        "64",
                        "--styles",
                        styles);
        assertEquals(0, CommandLines.run(out, out, command), said.toString());
    }
}
