package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.StudioCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the built-in models if features carry their styles. */
class SpecialiseTest {
    private static final Path MODEL = Path.of("..", "sd3-runtime", "models", "sd3-nano");
    private static final Path STAN = Path.of("..", "stan-adapter", "models", "stan-nano");
    private static final Path CLIP = Path.of("..", "scoring", "models", "clip-nano");

    @TempDir private Path folder;

    private static Run studio(Object... args) {
        String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        Interruption interruption = new Interruption(Thread.currentThread());
        return Run.of(interruption, ServiceLoader.load(StudioCommand.class), words);
    }

    private static void done(Run run) {
        assertEquals(0, run.code(), run.err());
    }

    @Test
    void aFeatureIsSwitchedOffAndBoostedBesideARandomOne() throws IOException {
        Path data = folder.resolve("data");
        done(
                studio(
                        "dataset",
                        "synth",
                        "--out",
                        data,
                        "--count",
                        8,
                        "--styles",
                        "baroque,woodcut"));
        Path analysis = folder.resolve("analysis");
        done(
                studio(
                        "adapter",
                        "analyze",
                        STAN,
                        "--model",
                        MODEL,
                        "--data",
                        data,
                        "--out",
                        analysis,
                        "--layers",
                        "transformer_blocks.2.attn.to_out.0"));
        Object[] specialise = {
            "specialise",
            STAN,
            "--analysis",
            analysis,
            "--data",
            data,
            "--clip",
            CLIP,
            "--model",
            MODEL,
            "--features",
            1,
            "--pictures",
            1,
            "--steps",
            3,
            "--json"
        };
        Run run = studio(specialise);
        done(run);
        aStylesFeaturesAreSwitchedOffTogether(specialise);
        JsonNode result = new ObjectMapper().readTree(run.out()).get(0);
        assertEquals("transformer_blocks.2.attn.to_out.0", result.get("layer").asText());
        assertTrue(List.of("baroque", "woodcut").contains(result.get("style").asText()));
        // Boosting a feature and boosting another one are different pictures.
        assertNotEquals(0, result.get("boosted").asDouble());
        assertNotEquals(result.get("boosted").asDouble(), result.get("random_boosted").asDouble());
        assertEquals(run.out(), studio(specialise).out(), "the same seed says the same");
    }

    private static void aStylesFeaturesAreSwitchedOffTogether(Object... single) throws IOException {
        List<Object> together = new ArrayList<>(List.of(single));
        int features = together.indexOf("--features");
        together.set(features, "--share");
        together.set(features + 1, 0.1);
        Run run = studio(together.toArray());
        done(run);
        JsonNode results = new ObjectMapper().readTree(run.out());
        assertEquals(2, results.size(), "one for each style");
        for (JsonNode result : results) {
            assertEquals(10, result.get("features").asInt(), "a tenth of 96");
            assertNotEquals(0, result.get("off").asDouble());
            assertNotEquals(result.get("off").asDouble(), result.get("random_off").asDouble());
            assertTrue(result.get("activation").asDouble() > 0);
        }
        together.addAll(List.of("--boost", 2));
        Run refused = studio(together.toArray());
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("leave them out with --share"), refused.err());
    }

    @Test
    void aFolderThatIsNoAnalysisIsNamed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Run run = studio("specialise", STAN, "--analysis", empty, "--data", empty, "--clip", CLIP);
        assertEquals(1, run.code());
        assertTrue(run.err().contains(empty.toString()), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
