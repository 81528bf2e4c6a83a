package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.checkpoint.Placement;
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
                        true);
        assertEquals(List.of("lora", "stan"), rows.stream().map(Efficiency.Row::variant).toList());
        assertEquals(List.of(32L, 256L), counts(rows));
        assertEquals(1, rows.get(0).ratio());
        assertTrue(rows.get(1).stepMs() > 0);
    }

    private static List<Long> counts(List<Efficiency.Row> rows) {
        return rows.stream().map(Efficiency.Row::parametersPerModule).toList();
    }
}
