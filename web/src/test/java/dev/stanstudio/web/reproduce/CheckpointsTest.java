package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.testing.BuiltInJudges;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Scores the saved states of a training on a tiny model. */
@ExtendWith(BuiltInJudges.class)
class CheckpointsTest {
    private static final Path MODEL = Goldens.own("tiny-3.0").toAbsolutePath();

    @TempDir private static Path shared;
    private static Path data = Path.of(".");
    private static Path run = Path.of(".");

    @TempDir private Path folder;

    private record Told(int code, String out, String err) {}

    private static Told studio(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = List.of(arguments).stream().map(Object::toString).toList();
        int code = CommandLines.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Told(code, out.toString(), err.toString());
    }

    private static void done(Told told) {
        assertEquals(0, told.code(), told.err());
    }

    @BeforeAll
    static void train() {
        data = shared.resolve("data");
        run = shared.resolve("run");
        done(
                studio(
                        "dataset",
                        "synth",
                        "--out",
                        data,
                        "--count",
                        24,
                        "--seed",
                        3,
                        "--styles",
                        "baroque,anime"));
        done(studio("dataset", "split", data, "--ratios", "60/40/0"));
        done(
                studio(
                        "train",
                        "--method",
                        "lora",
                        "--model",
                        MODEL,
                        "--data",
                        data,
                        "--steps",
                        3,
                        "--batch",
                        2,
                        "--dtype",
                        "fp32",
                        "--samples",
                        0,
                        "--resolution",
                        64,
                        "--keep-checkpoints",
                        3,
                        "--out",
                        run));
    }

    private Told checkpoints(Object... more) {
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "checkpoints",
                                run,
                                "--model",
                                MODEL,
                                "--data",
                                data,
                                "--content",
                                "a cat",
                                "--pictures",
                                3,
                                "--steps",
                                1,
                                "--out",
                                folder.resolve("out")));
        all.addAll(List.of(more));
        return studio(all.toArray());
    }

    @Test
    void everyStateIsDrawnScoredAndOneIsNamed() throws IOException {
        Told told = checkpoints();
        done(told);
        Path out = folder.resolve("out");
        JsonNode document = new ObjectMapper().readTree(out.resolve("checkpoints.json").toFile());
        assertEquals(List.of(1, 2, 3), steps(document));
        assertEquals("dino_style", document.get("metric").asText());
        assertEquals(6, document.at("/states/0/score/n").asInt(), "two styles, three noises");
        for (String number : List.of("follows_prompt", "content_kept", "drift")) {
            assertTrue(document.at("/states/2/" + number + "/value").isNumber(), number);
        }
        Path chosen = Path.of(document.get("chosen_path").asText());
        assertTrue(Files.isRegularFile(chosen.resolve("adapter_config.json")));
        assertTrue(told.out().contains(chosen.toString()), told.out());
        String summary = Files.readString(out.resolve("scores/summary.json"));
        assertTrue(summary.contains("\"parts\" : [ \"validation\" ]"), "not by test pictures");
        assertTrue(Files.readString(out.resolve("report.md")).contains("(chosen)"));
        assertTrue(Files.readString(out.resolve("checkpoints.svg")).contains("<circle"));
        goesOnWithoutDrawingAgain(out);
        aStateThatChangedIsRefused();
    }

    private static List<Integer> steps(JsonNode document) {
        return document.findValuesAsText("step").stream().map(Integer::valueOf).toList();
    }

    private void goesOnWithoutDrawingAgain(Path out) throws IOException {
        FileTime before = Files.getLastModifiedTime(out.resolve("grid/manifest.jsonl"));
        Told again = checkpoints();
        done(again);
        assertFalse(again.err().contains("[grid]"), again.err());
        assertEquals(before, Files.getLastModifiedTime(out.resolve("grid/manifest.jsonl")));
    }

    private void aStateThatChangedIsRefused() throws IOException {
        Path state = run.resolve("checkpoints/0000001/adapter_model.safetensors");
        byte[] own = Files.readAllBytes(state);
        Files.copy(
                run.resolve("checkpoints/0000003/adapter_model.safetensors"),
                state,
                StandardCopyOption.REPLACE_EXISTING);
        Told told = checkpoints();
        Files.write(state, own);
        assertEquals(1, told.code());
        assertTrue(told.err().contains("choose another folder with --out"), told.err());
    }

    @Test
    void mistakesAreSaidBeforeAnythingIsDrawn() {
        refused("there is no folder of a training", "checkpoints", folder.resolve("none"));
        refused("no saved states", "checkpoints", data);
        Told style = checkpoints("--styles", "cubism");
        assertTrue(style.err().contains("there are anime, baroque"), style.err());
        Told metric = checkpoints("--content", " ");
        assertTrue(metric.err().contains("a pair needs a content"), metric.err());
        assertFalse(Files.exists(folder.resolve("out")), "nothing is left of them");
    }

    private void refused(String reason, Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data, "--out", folder.resolve("out")));
        Told told = studio(all.toArray());
        assertEquals(1, told.code());
        assertTrue(told.err().contains(reason), told.err());
    }
}
