package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.BuiltInJudges;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code studio reproduce} on a tiny model, from nothing to the report with people's votes. */
@ExtendWith(BuiltInJudges.class)
class ReproduceLoopTest {
    private static final String HOME = "user.home";

    @TempDir Path folder;
    private String url = "";
    private final String userHome = System.getProperty(HOME);

    private record Told(int code, String out, String err) {}

    @BeforeEach
    void open() {
        System.setProperty(HOME, folder.toString());
        url = TestDatabase.SQLITE.newUrl(folder);
    }

    @AfterEach
    void restore() {
        System.setProperty(HOME, userHome);
    }

    private Told studio(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--db", url));
        int code = CommandLines.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Told(code, out.toString(), err.toString());
    }

    private Path experiment() throws IOException {
        String text =
                """
                name: Two ways to paint
                model: MODEL
                data:
                  synth: {count: 24, seed: 3, styles: [baroque, anime]}
                  split: {ratios: 70/10/20, seed: 0}
                train: {steps: 2, batch: 2, dtype: fp32, samples: 0, resolution: 64}
                methods:
                  - name: none
                  - {name: lora, train: {method: lora}}
                  - {name: stan, train: {method: stan}}
                seeds: [4, 7]
                grid:
                  pairs: [{style: baroque, content: a cat}, {style: anime, content: a boat}]
                  pictures: 2
                  steps: 1
                  width: 64
                  height: 64
                score: {}
                analyze: {method: stan, per-style: 2, resolution: 64}
                study: {questions: ["Which fits?"], votes: 6, trials: 6, repeats: 0, checks: 0,
                        training: 0, min-millis: 0}
                """;
        String model = Goldens.own("tiny-3.0").toAbsolutePath().toString();
        return Files.writeString(folder.resolve("loop.yaml"), text.replace("MODEL", model));
    }

    @Test
    void anExperimentEndsInOneReportWhenTheVotesAreIn() throws IOException {
        String file = experiment().toString();
        Path out = folder.resolve("loop");
        Told waiting = studio("reproduce", file, "--out", out.toString());
        assertEquals(0, waiting.code(), waiting.err());
        JsonNode made = new ObjectMapper().readTree(out.resolve("study.json").toFile());
        String id = made.path("id").asText();
        assertTrue(waiting.out().contains("0 answers so far, 6 wanted"), waiting.out());
        assertTrue(waiting.out().contains("studio study serve " + id), waiting.out());
        String before = Files.readString(out.resolve("report.md"));
        assertTrue(before.contains("It takes votes"), before);
        assertTrue(before.contains("| stan | "), before);
        assertTrue(before.contains("analysis/figure-3.png"), before);
        assertTrue(Files.exists(out.resolve("analysis/figure-3.png")));
        assertFalse(before.contains("preferred"), before);
        trainingsShareNoisesAndAreTheUnit(out, before);

        Path adapter = out.resolve("runs/stan-4/adapter/adapter_model.safetensors");
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(adapter, then);
        vote(id);
        assertEquals(0, studio("study", "lock", id).code());
        Told ended = studio("reproduce", file, "--out", out.toString());
        assertEquals(0, ended.code(), ended.err());
        assertEquals(then, Files.getLastModifiedTime(adapter), "what is done is kept");
        assertFalse(ended.out().contains("waits for votes"), ended.out());
        String after = Files.readString(out.resolve("report.md"));
        assertTrue(after.contains("6 votes by 1 raters"), after);
        assertTrue(after.contains("the stopping rule is met"), after);
        // One rater carries no verdict, however alike the votes are.
        assertTrue(
                after.contains("No verdict between stan and “no adapter”: stan was preferred"),
                after);
        assertTrue(after.contains(made.path("plan_sha256").asText()), after);
        assertEquals(6, Files.readAllLines(out.resolve("study/votes.jsonl")).size());
        assertTrue(Files.exists(out.resolve("study/report.html")));
    }

    private void trainingsShareNoisesAndAreTheUnit(Path out, String report) throws IOException {
        List<String> drawn = new ArrayList<>();
        for (int training : List.of(4, 7)) {
            Path list = out.resolve("grid-" + training + "/manifest.jsonl");
            for (String line : Files.readAllLines(list)) {
                JsonNode picture = new ObjectMapper().readTree(line);
                drawn.add(
                        "%s %s of %s"
                                .formatted(
                                        picture.path("method").asText(),
                                        picture.path("seed").asText(),
                                        picture.path("training").asText("none")));
            }
        }
        assertEquals(2, Collections.frequency(drawn, "none 0 of none"), "drawn once: " + drawn);
        assertEquals(2, Collections.frequency(drawn, "stan 1 of 4"), drawn.toString());
        assertEquals(2, Collections.frequency(drawn, "stan 1 of 7"), drawn.toString());
        assertEquals(20, drawn.size());
        JsonNode scores = new ObjectMapper().readTree(out.resolve("scores/summary.json").toFile());
        for (JsonNode difference : scores.path("differences")) {
            assertEquals(2, difference.path("trainings").path("count").asInt());
            assertEquals(difference.hasNonNull("style") ? 4 : 8, difference.path("n").asInt());
        }
        assertTrue(report.contains("2 trainings of each method with the same noises"), report);
        assertTrue(report.contains("Position between real pictures of other styles"), report);
        assertTrue(
                report.matches(
                        "(?s).*\\| content_kept \\| stan − lora \\|[^\\n]*\\| 8 \\| 2 \\|.*"),
                report);
        assertEquals(12, Files.readAllLines(out.resolve("study.jsonl")).size());
    }

    private void vote(String id) {
        Path home = StudioHome.ofEnvironment().folder();
        try (TestStudio studio = new TestStudio(home, url, Clock.systemUTC(), "")) {
            Study study = studio.store.byId(id);
            new Voter(studio, study).voteAll(study, 0, List.of(2, 1, 0));
        }
    }
}
