package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.DivergedException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recomputing blocks changes nothing but memory. */
class CheckpointedTrainingTest {
    @TempDir private Path folder;

    static List<AdapterKind> kinds() {
        return List.of(
                Lora.of(2, 2),
                Stan.of(12, 3),
                new AdaLora(3, 2, 4, new AdaLora.Schedule(1, 1, 1), 0.85, 0.85, 0.5));
    }

    private static Map<String, long[]> everything(TinyTraining tiny) {
        Map<String, long[]> all =
                new LinkedHashMap<>(TargetModules.of(tiny.source.transformerConfig()));
        all.remove("pos_embed.proj");
        assertTrue(all.containsKey("context_embedder") && all.containsKey("proj_out"));
        return all;
    }

    /** Three steps with every module of the network adapted, in and outside of blocks. */
    private Map<String, float[]> trained(AdapterKind kind, DType dtype, boolean checkpointing) {
        try (TinyTraining tiny = new TinyTraining(folder, kind, dtype, 10, 1);
                AdapterParameters adapter =
                        AdapterParameters.fresh(
                                kind,
                                everything(tiny),
                                tiny.source.transformerConfig().numLayers(),
                                Device.CPU,
                                3);
                AdapterStep trainer =
                        new AdapterStep(
                                tiny.transformer,
                                adapter,
                                TinyTraining.settings(100, 10, 2)
                                        .withCheckpointing(checkpointing))) {
            for (int step = 0; step < 3; step++) {
                try (Scope scope = Scope.open("batch")) {
                    trainer.step(tiny.batch(scope, step), 0.01);
                }
            }
            Map<String, float[]> values = new LinkedHashMap<>();
            adapter.parameters().byName().forEach((name, t) -> values.put(name, t.toFloats()));
            return values;
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theWeightsAreThoseOfTheOrdinaryTraining(AdapterKind kind) {
        Map<String, float[]> plain = trained(kind, DType.FP32, false);
        Map<String, float[]> recomputed = trained(kind, DType.FP32, true);
        double worst = 0;
        for (Map.Entry<String, float[]> entry : plain.entrySet()) {
            float[] other = recomputed.get(entry.getKey());
            for (int i = 0; i < other.length; i++) {
                worst = Math.max(worst, Math.abs(other[i] - entry.getValue()[i]));
            }
        }
        System.out.printf(
                Locale.ROOT, "%s recomputed: weights differ by %.1e%n", kind.label(), worst);
        assertTrue(worst <= 1e-6, kind.label() + " differs by " + worst);
    }

    @Test
    void weightsThatAreNoNumbersEndTheTrainingWithOneLine() {
        Lora kind = Lora.of(2, 2);
        try (TinyTraining tiny = new TinyTraining(folder, kind, DType.FP32, 10, 1);
                Scope scope = Scope.open("values")) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            tiny.adapter
                    .parameters()
                    .byName()
                    .forEach(
                            (name, tensor) -> {
                                float[] broken = tensor.toFloats();
                                broken[0] = Float.NaN;
                                values.put(name, Tensors.of(scope, broken, tensor.shape()));
                            });
            for (boolean checkpointing : new boolean[] {false, true}) {
                try (AdapterParameters adapter =
                                AdapterParameters.of(
                                        kind, tiny.adapter.modules(), 2, Device.CPU, values);
                        AdapterStep trainer =
                                new AdapterStep(
                                        tiny.transformer,
                                        adapter,
                                        TinyTraining.settings(100, 10, 1)
                                                .withCheckpointing(checkpointing))) {
                    DivergedException e =
                            assertThrows(
                                    DivergedException.class,
                                    () -> trainer.step(tiny.batch(scope, 1), 0.01));
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                    assertEquals(0, trainer.steps());
                }
            }
        }
    }
}
