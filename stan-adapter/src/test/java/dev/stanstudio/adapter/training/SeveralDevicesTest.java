package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Dora;
import dev.stanstudio.adapter.kind.Loha;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.EngineException;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose shards are computed on several devices, here the CPU several times. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralDevicesTest {
    private static final int STEPS = 4;
    private static final int SHARDS = 4;

    private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
    private final Weights weights = source.transformer();
    private final List<Mmdit> networks = new ArrayList<>();

    @TempDir private Path folder;

    @BeforeAll
    void open() {
        for (int i = 0; i < 3; i++) {
            networks.add(network(source));
        }
        // What networks and files make ready when they are first used is no leak of the first test.
        train("dora", 3, false);
        train("loha", 3, true);
    }

    private static Mmdit network(ModelSource of) {
        try (Autograd recording = Autograd.record()) {
            return Mmdit.trainable(
                    of.transformerConfig(),
                    new FrozenWeights(of.transformer()),
                    new Placement(Device.CPU, DType.FP32));
        }
    }

    @AfterAll
    void close() {
        networks.forEach(Mmdit::close);
        source.close();
    }

    private static AdapterKind kind(String name) {
        return switch (name) {
            case "stan" -> Stan.of(32, 6);
            case "stan with revival" -> Stan.of(32, 3).withRevival(new Revival(2, 0.5, 1));
            case "lora", "lora with dropped ranks", "lora with dropped inputs" -> Lora.of(4, 2);
            case "adalora" -> new AdaLora(4, 2, 8, new AdaLora.Schedule(1, 1, 1), 0.85, 0.85, 0.5);
            case "sora" -> new Sora(4, 4, 10, 3e-4);
            case "sparse" -> new SparseMask(100, 1, true, 2);
            case "dora", "dora with dropped inputs" -> new Dora(4, 6, false);
            case "loha" -> new Loha(3, 2);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private AdapterParameters fresh(AdapterKind kind, StepVariants variants) {
        int blocks = source.transformerConfig().numLayers();
        AdapterParameters plain =
                AdapterParameters.fresh(
                        kind,
                        TargetSelection.DEFAULT.select(source.transformerConfig()),
                        blocks,
                        Device.CPU,
                        1,
                        weights);
        if (!variants.drop()) {
            return plain;
        }
        try (plain) {
            return plain.withDropout(blocks, Device.CPU, variants, weights);
        }
    }

    private static AdapterStep.Settings settings(boolean checkpointing, StepVariants variants) {
        return new AdapterStep.Settings(
                TinyTraining.VELOCITY,
                AdamW.Settings.DEFAULTS,
                STEPS,
                3,
                SHARDS,
                checkpointing,
                variants,
                7,
                null);
    }

    private static TrainingBatch batch(Scope scope, long number) {
        RandomSource random = RandomSource.seeded(scope, number);
        return new TrainingBatch(
                random.normal(scope, new long[] {4, 16, 8, 8}, DType.FP32),
                random.normal(scope, new long[] {4, 5, 32}, DType.FP32),
                random.normal(scope, new long[] {4, 28}, DType.FP32),
                1,
                random.normal(scope, new long[] {4, 16, 8, 8}, DType.FP32),
                List.of(0.25, 0.75, 0.5, 0.9));
    }

    /** Losses, numbers of the log, trained tensors and states of a training. */
    private record Trained(List<Double> losses, Map<String, float[]> values) {}

    private Trained train(String name, int devices, boolean checkpointing) {
        StepVariants variants =
                new StepVariants(
                        1,
                        name.endsWith("dropped ranks") ? 0.5 : 0,
                        name.endsWith("dropped inputs") ? 0.3 : 0);
        List<Double> losses = new ArrayList<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        try (AdapterParameters adapter = fresh(kind(name), variants);
                AdapterStep step =
                        new AdapterStep(
                                networks.subList(0, devices),
                                adapter,
                                settings(checkpointing, variants))) {
            for (int i = 1; i <= STEPS; i++) {
                try (Scope scope = Scope.open("batch")) {
                    losses.add(step.step(batch(scope, i), 0.02).loss());
                    losses.addAll(step.numbers().values());
                }
            }
            adapter.parameters().byName().forEach((key, t) -> values.put(key, t.toFloats()));
            adapter.states().forEach((key, t) -> values.put("state " + key, t.toFloats()));
            step.state().forEach((key, t) -> values.put("hook " + key, t.toFloats()));
        }
        return new Trained(losses, values);
    }

    @ParameterizedTest
    @CsvSource({
        "stan, 2",
        "stan with revival, 3",
        "lora, 3",
        "lora with dropped ranks, 2",
        "lora with dropped inputs, 2",
        "dora with dropped inputs, 3",
        "adalora, 2",
        "sora, 2",
        "sparse, 2",
        "dora, 2",
        "loha, 3"
    })
    void everyKindIsTrainedAsOnOneDevice(String name, int devices) {
        boolean checkpointing = devices == 3;
        Trained one = train(name, 1, checkpointing);
        Trained several = train(name, devices, checkpointing);
        assertEquals(one.losses(), several.losses());
        assertEquals(one.values().keySet(), several.values().keySet());
        one.values().forEach((key, v) -> assertArrayEquals(v, several.values().get(key), key));
    }

    @Test
    void aFailureNamesItsDevice() {
        try (ModelSource other = ModelSource.open(Goldens.own("tiny-3.5"), null, null);
                Mmdit broken = network(other);
                AdapterParameters adapter = fresh(Lora.of(4, 2), StepVariants.NONE);
                AdapterStep step =
                        new AdapterStep(
                                List.of(networks.get(0), broken),
                                adapter,
                                settings(false, StepVariants.NONE));
                Scope scope = Scope.open("batch")) {
            TrainingBatch batch = batch(scope, 1);
            EngineException failed =
                    assertThrows(EngineException.class, () -> step.step(batch, 0.02));
            String message = String.valueOf(failed.getMessage());
            System.out.println(message);
            assertTrue(message.startsWith("device 2 of 2 (cpu): "), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    private byte[] trained(String out) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve("adapter/adapter_model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--checkpointing --quantize int8",
                "--checkpointing --offload blocks",
            })
    void theCommandWritesTheAdapterOfOneDevice(String more) throws IOException {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        String[] options = more.isEmpty() ? new String[0] : more.split(" ");
        assertEquals("", command.train("one", with(options, "cpu")));
        assertEquals("", command.train("two", with(options, "cpu,cpu")));
        assertArrayEquals(trained("one"), trained("two"));
    }

    private static String[] with(String[] options, String device) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--device", device));
        return all.toArray(String[]::new);
    }

    @Test
    void moreDevicesThanShardsAreRefusedBeforeAFolderIsMade() {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        String refusal = command.train("refused", "--device", "cpu,cpu", "--batch", "1");
        assertEquals(
                "a batch in 1 shards does not reach 2 devices; name fewer with --device, or give"
                        + " --batch and --shards a multiple of 2",
                refusal);
        assertFalse(Files.exists(folder.resolve("refused")));
        assertEquals(
                "no device is called 'gpu'; use cpu, cuda or cuda:N",
                command.train("refused", "--device", "cpu,gpu"));
    }
}
