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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that learns from a model's votes on its own pictures, on a tiny model. */
@ExtendWith(BuiltInJudges.class)
class LearningLoopTest {
    private static final String EXPERIMENT =
            """
            name: Learning from a model's votes
            model: MODEL
            data:
              synth: {count: 24, seed: 3, styles: [baroque, anime]}
              split: {ratios: 70/10/20, seed: 0}
            train: {steps: 2, batch: 2, dtype: fp32, samples: 0, resolution: 64}
            methods:
              - {name: lora, train: {method: lora}}
              - name: taught
                after: lora
                learn:
                  grid: {styles: [baroque, anime], contents: [a cat], pictures: 3, steps: 1, width: 64,
                         height: 64}
                  score: {clip: none}
                  rate: {metric: dino_style, pairs: extremes}
                train: {method: lora, objective: dpo, beta: 100}
            seeds: [4]
            grid: {styles: [baroque, anime], contents: [TESTED], pictures: 3, steps: 1, width: 64,
                   height: 64}
            score: {}
            """;

    @TempDir private Path folder;

    private record Told(int code, String out, String err) {}

    private Told reproduce(String tested) throws IOException {
        return run(EXPERIMENT.replace("TESTED", tested));
    }

    private Told run(String experiment) throws IOException {
        String text =
                experiment.replace("MODEL", Goldens.own("tiny-3.0").toAbsolutePath().toString());
        Path file = Files.writeString(folder.resolve("learn.yaml"), text);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all =
                List.of("reproduce", file.toString(), "--out", folder.resolve("out").toString());
        int code = CommandLines.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Told(code, out.toString(), err.toString());
    }

    @Test
    void votesOfAModelTeachItsOwnAdapter() throws IOException {
        Told told = reproduce("a boat");
        assertEquals(0, told.code(), told.err());
        Path out = folder.resolve("out");
        List<String> votes = Files.readAllLines(out.resolve("learn-taught-4-votes.jsonl"));
        assertEquals(2, votes.size(), "the best and the worst picture of two prompts");
        JsonNode scores = scores(out.resolve("learn-taught-4-scores/pictures.jsonl"));
        for (String line : votes) {
            JsonNode vote = new ObjectMapper().readTree(line);
            assertTrue(vote.get("rater").asText().startsWith("model: dino-nano "), line);
            assertTrue(vote.get("question").asText().startsWith("model: dino-nano "), line);
            String chosen = vote.get("chosen").asText();
            String rejected = vote.get("rejected").asText();
            assertTrue(scores.get(chosen).asDouble() >= scores.get(rejected).asDouble(), line);
        }
        assertTrue(told.err().contains("2 lines of votes on 2 pairs"), told.err());
        String report = Files.readString(out.resolve("report.md"));
        assertTrue(report.contains("**taught less lora**"), report);
        assertTrue(report.contains("| dino_style | dino-nano | yes | larger |"), report);
        assertTrue(report.contains("| clip_t | clip-nano |  | larger |"), report);
        Told again = reproduce("a boat");
        assertEquals(0, again.code(), again.err());
        assertFalse(again.err().contains("[learn"), "nothing is done twice: " + again.err());
    }

    private static JsonNode scores(Path file) throws IOException {
        var scores = new ObjectMapper().createObjectNode();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = new ObjectMapper().readTree(line);
            scores.set(row.get("file").asText(), row.at("/scores/dino_style"));
        }
        return scores;
    }

    @Test
    void contentsThatAreScoredAreNotLearntFrom() throws IOException {
        refusedWith(EXPERIMENT.replace("TESTED", "a cat"));
    }

    /** Pairs, a preset of pairs too, are read as the grid reads them. */
    @Test
    void pairsThatAreScoredAreNotLearntFrom() throws IOException {
        String pairs = "pairs: [{style: anime, content: a cat}]";
        refusedWith(EXPERIMENT.replace("styles: [baroque, anime], contents: [TESTED]", pairs));
    }

    private void refusedWith(String experiment) throws IOException {
        Told told = run(experiment);
        assertEquals(2, told.code(), told.err());
        assertTrue(told.err().contains("both draw 'a cat'"), told.err());
        assertFalse(Files.exists(folder.resolve("out")), "nothing is begun");
    }
}
