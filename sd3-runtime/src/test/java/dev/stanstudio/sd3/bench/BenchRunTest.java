package dev.stanstudio.sd3.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchRunTest {
    private static final MmditConfig TINY =
            new MmditConfig(16, 2, 16, 2, 64, 2, 96, 80, 16, 24, Set.of(0), true);

    private static BenchSettings settings(DType dtype, int side) {
        return new BenchSettings(new Placement(Device.CPU, dtype), side, 5, 256, 3, 1);
    }

    @Test
    void reportsEveryPartOfAStep() throws Exception {
        PrintWriter out = new PrintWriter(new StringWriter());
        String report = BenchRun.shape("tiny", TINY, settings(DType.BF16, 64), null, out);
        JsonNode json = new ObjectMapper().readTree(report);
        assertEquals(16, json.path("image_tokens").asInt());
        assertEquals("bf16", json.path("dtype").asText());
        assertEquals(3, json.path("steps").size());
        JsonNode step = json.path("steps").get(0);
        double parts = 0;
        for (String part : new String[] {"embed_ms", "blocks_ms", "head_ms", "guidance_ms"}) {
            assertTrue(step.path(part).asDouble() > 0, part + " in " + step);
            parts += step.path(part).asDouble();
        }
        assertEquals(step.path("step_ms").asDouble(), parts, 1e-3);
    }

    @Test
    void aPacedBenchAnswersEachLine() {
        StringWriter answers = new StringWriter();
        BufferedReader lines = new BufferedReader(new StringReader("\n\n"));
        BenchRun.shape(
                "tiny", TINY, settings(DType.FP32, 64), lines, new PrintWriter(answers, true));
        assertEquals(3, answers.toString().lines().count(), answers.toString());
        assertTrue(answers.toString().startsWith("ready"), answers.toString());
    }

    @Test
    void refusesAPictureThatDoesNotFit() {
        PrintWriter out = new PrintWriter(new StringWriter());
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> BenchRun.shape("tiny", TINY, settings(DType.FP32, 100), null, out));
        assertEquals("--size must be a multiple of 16 up to 384, not 100", refusal.getMessage());
    }

    @Test
    void writesNothingWithoutTokenizersOrOverFiles(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("model");
        UserException missing =
                assertThrows(
                        UserException.class,
                        () -> BenchRun.writeModel(target, TINY, DType.BF16, folder, false));
        assertTrue(missing.getMessage().contains("has no folder tokenizer"), missing.getMessage());
        assertFalse(Files.exists(target));
        for (String name : new String[] {"tokenizer", "tokenizer_2"}) {
            Files.createDirectories(folder.resolve(name));
        }
        UserException occupied =
                assertThrows(
                        UserException.class,
                        () -> BenchRun.writeModel(folder, TINY, DType.BF16, folder, false));
        assertTrue(occupied.getMessage().contains("is not empty"), occupied.getMessage());
    }

    @Test
    void aTensorWrittenInPiecesEqualsTheWhole() {
        long[] shape = {3000, 2000};
        try (RandomNumbers numbers = new RandomNumbers();
                Scope scope = Scope.open("test")) {
            float[] whole = numbers.tensor(scope, "w.weight", shape, DType.FP32).toFloats();
            Tensor end = numbers.flat(scope, "w.weight", shape, DType.FP32, 4_500_000, 1_500_000);
            float[] rest = end.toFloats();
            assertEquals(whole[4_500_000], rest[0]);
            assertEquals(whole[5_999_999], rest[1_499_999]);
            double sum = 0;
            for (float number : whole) {
                sum += (double) number * number;
            }
            assertEquals(1 / 2000.0, sum / whole.length, 1e-5);
        }
    }
}
