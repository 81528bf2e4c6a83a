package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.PeakMemory;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.testing.Goldens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EfficiencyTest {
    @Test
    void everyVariantIsTimedAndCounted() {
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        kinds.put("stan", Stan.of(16, 3));
        kinds.put("lora", Lora.of(2, 2));
        List<Efficiency.Row> rows =
                Efficiency.measure(
                        Samples.CONFIG,
                        new BenchSettings(new Placement(Device.CPU, DType.FP32), 64, 5, 1, 3, 1),
                        kinds,
                        TargetSelection.DEFAULT,
                        4);
        assertEquals(
                List.of("none", "weight-0", "stan", "lora"),
                rows.stream().map(Efficiency.Row::variant).toList());
        assertEquals(List.of(0L, 0L, 256L, 32L), counts(rows));
        assertEquals(1, rows.get(0).ratio());
        for (Efficiency.Row row : rows) {
            assertTrue(row.stepMsMin() <= row.stepMs() && row.stepMs() <= row.stepMsMax());
            assertTrue(row.ratioMin() <= row.ratio() && row.ratio() <= row.ratioMax());
            assertEquals(1000 / (4 * row.stepMs()), row.imagesPerSecond(), 1e-9);
            // 16 tokens of the picture and 5 of the text, with the prompt and without.
            assertEquals(2 * 21 * 1000 / row.stepMs(), row.tokensPerSecond(), 1e-6);
            assertNull(row.hours());
            assertNull(row.latencyMs());
        }
        if (PeakMemory.megabytes().isPresent()) {
            assertTrue(rows.get(0).peakMb() > 0);
            assertTrue(rows.get(2).peakMb() > 0);
        }
    }

    @Test
    void trainingIsTimedAgainstTheFirstKind() {
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        kinds.put("lora", Lora.of(2, 2));
        kinds.put("stan", Stan.of(16, 3));
        List<Efficiency.Row> rows =
                Efficiency.measureTraining(
                        Samples.CONFIG,
                        new BenchSettings(new Placement(Device.CPU, DType.BF16), 64, 5, 1, 2, 1),
                        kinds,
                        TargetSelection.DEFAULT,
                        true,
                        1000);
        assertEquals(List.of("lora", "stan"), rows.stream().map(Efficiency.Row::variant).toList());
        assertEquals(List.of(32L, 256L), counts(rows));
        assertEquals(1, rows.get(0).ratio());
        assertTrue(rows.get(1).stepMs() > 0);
        for (Efficiency.Row row : rows) {
            assertEquals(21 * 1000 / row.stepMs(), row.tokensPerSecond(), 1e-6);
            // A thousand steps of processor time, which is milliseconds a step here.
            Double hours = row.hours();
            assertTrue(hours != null && hours > 0 && hours < 1000, () -> "hours " + hours);
        }
    }

    @Test
    void aModelsWholePicturesAreTimedFromThePrompt() throws Exception {
        StringWriter out = new StringWriter();
        int code =
                CommandTree.installed()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute(
                                "adapter",
                                "experiment",
                                "efficiency",
                                "--model",
                                Goldens.own("tiny-3.0").toString(),
                                "--size",
                                "48",
                                "--kinds",
                                "stan",
                                "--features",
                                "16",
                                "--k",
                                "3",
                                "--text-tokens",
                                "5",
                                "--rounds",
                                "1",
                                "--warm-up",
                                "0",
                                "--steps",
                                "2",
                                "--json");
        assertEquals(0, code);
        JsonNode report = Json.PLAIN.readTree(out.toString());
        assertEquals("process", report.path("peak_of").asText());
        Map<String, JsonNode> variants = new LinkedHashMap<>();
        report.path("variants").forEach(row -> variants.put(row.path("variant").asText(), row));
        assertEquals(List.of("none", "weight-0", "stan"), List.copyOf(variants.keySet()));
        assertTrue(variants.get("none").path("latency_ms").asDouble() > 0);
        assertTrue(variants.get("stan").path("latency_ms").asDouble() > 0);
        assertTrue(variants.get("weight-0").path("latency_ms").isNull());
        assertTrue(variants.get("stan").path("tokens_per_second").asDouble() > 0);
    }

    private static List<Long> counts(List<Efficiency.Row> rows) {
        return rows.stream().map(Efficiency.Row::parametersPerModule).toList();
    }
}
