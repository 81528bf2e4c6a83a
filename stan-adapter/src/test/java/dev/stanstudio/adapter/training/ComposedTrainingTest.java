package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Boft;
import dev.stanstudio.adapter.kind.Dora;
import dev.stanstudio.adapter.kind.Loha;
import dev.stanstudio.adapter.kind.Lokr;
import dev.stanstudio.adapter.kind.Oft;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trainings of kinds whose changes are computed beside PEFT's and LyCORIS' ({@code
 * docs/reference/composed.py}), and their files.
 */
class ComposedTrainingTest {
    private static final List<String> TARGETS =
            List.of("attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0");
    private static final int STEPS = 50;
    private static final int BATCHES = 5;
    private static final double TOLERANCE = 1e-4;

    @TempDir private Path folder;

    private static AdapterKind kind(String name) {
        return switch (name) {
            case "dora" -> new Dora(4, 6, false);
            case "loha" -> new Loha(3, 2);
            case "lokr" -> new Lokr(2, 3, 4, false);
            case "lokr-both" -> new Lokr(1, 2, Lokr.NEAR_ROOT, true);
            case "lokr-lycoris" -> new Lokr(2, 1, 4, false);
            case "oft" -> new Oft(8, Oft.TERMS, 0, false);
            case "oft-exact" -> new Oft(16, 0, 0.3, false);
            case "oft-shared" -> new Oft(8, Oft.TERMS, 0, true);
            case "boft" -> new Boft(8, 1);
            case "boft-butterfly" -> new Boft(4, 3);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** PEFT's training; close it. */
    private static final class Run implements AutoCloseable {
        private final Scope scope = Scope.open("run");
        private final TensorFiles files = new TensorFiles();
        private final TensorCollection stored = TensorCollection.open(reference());
        private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        private final Mmdit transformer;
        private final AdapterParameters adapter;
        private final AdapterStep trainer;
        private final String name;

        Run(String name, boolean checkpointing) {
            this.name = name;
            try (Autograd recording = Autograd.record()) {
                transformer =
                        Mmdit.trainable(
                                source.transformerConfig(),
                                new FrozenWeights(source.transformer()),
                                new Placement(Device.CPU, DType.FP32));
            }
            Map<String, Tensor> start = new LinkedHashMap<>();
            String prefix = name + ".start.";
            for (String key : stored.tensors().keySet()) {
                if (key.startsWith(prefix)) {
                    start.put(key.substring(prefix.length()), read(key));
                }
            }
            adapter =
                    AdapterParameters.of(
                            kind(name),
                            new TargetSelection(TARGETS, BlockSet.ALL)
                                    .select(source.transformerConfig()),
                            source.transformerConfig().numLayers(),
                            Device.CPU,
                            start,
                            source.transformer());
            assertEquals(start.keySet().size(), adapter.parameters().names().size());
            AdamW.Settings adam = new AdamW.Settings(0.9, 0.999, 1e-8, 0.01, 1);
            trainer =
                    new AdapterStep(
                            transformer,
                            adapter,
                            new AdapterStep.Settings(
                                    TinyTraining.VELOCITY, adam, STEPS, BATCHES, 1, checkpointing));
        }

        private static Path reference() {
            try {
                return Path.of(
                        Objects.requireNonNull(
                                        ComposedTrainingTest.class.getResource(
                                                "/reference/composed.safetensors"))
                                .toURI());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        Tensor read(String key) {
            return files.open(scope, stored.tensor(key));
        }

        double loss(int step) {
            String batch = step % BATCHES + ".";
            float[] sigmas = read(batch + "sigmas").toFloats();
            return trainer.step(
                            new TrainingBatch(
                                    read(batch + "latents"),
                                    read(batch + "embeds"),
                                    read(batch + "pooled"),
                                    1,
                                    read(batch + "noise"),
                                    List.of((double) sigmas[0], (double) sigmas[1])),
                            4e-3)
                    .loss();
        }

        double worstWeight() {
            double worst = 0;
            for (Map.Entry<String, Tensor> entry : adapter.parameters().byName().entrySet()) {
                Tensor end = read(name + ".end." + entry.getKey());
                worst = Math.max(worst, Goldens.difference(entry.getValue(), end));
            }
            return worst;
        }

        @Override
        public void close() {
            trainer.close();
            adapter.close();
            transformer.close();
            source.close();
            files.close();
            scope.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dora",
                "loha",
                "lokr",
                "lokr-both",
                "lokr-lycoris",
                "oft",
                "oft-exact",
                "oft-shared",
                "boft",
                "boft-butterfly"
            })
    void fiftyStepsArePeftsSteps(String name) {
        try (Run run = new Run(name, false)) {
            float[] losses = run.read(name + ".losses").toFloats();
            double worst = 0;
            for (int s = 0; s < STEPS; s++) {
                worst = Math.max(worst, Math.abs(run.loss(s) - losses[s]));
            }
            double weights = run.worstWeight();
            System.out.printf(
                    Locale.ROOT, "%s: worst loss error %.1e, weights %.1e%n", name, worst, weights);
            assertTrue(worst <= TOLERANCE, name + " losses differ by " + worst);
            assertTrue(weights <= TOLERANCE, name + " weights differ by " + weights);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dora", "oft-exact"})
    void blocksComputedTwiceGiveTheSameSteps(String name) {
        try (Run once = new Run(name, false);
                Run twice = new Run(name, true)) {
            for (int s = 0; s < 3; s++) {
                assertEquals(once.loss(s), twice.loss(s), 1e-6);
            }
        }
    }

    /** The file has PEFT's layout, which this program draws with as with anybody's. */
    @ParameterizedTest
    @CsvSource({
        "dora, '\"use_dora\" : true',",
        "loha, LOHA,",
        "lokr, '\"decompose_factor\" : 4', --factor 4 --decompose-both",
        "oft, '\"use_cayley_neumann\" : false', --oft-block-size 16 --oft-exact --oft-limit 0.5",
        "boft, '\"boft_block_size\" : 4', --oft-block-size 4"
    })
    void theWrittenFileHoldsTheTrainedChange(String name, String stated, @Nullable String options)
            throws IOException {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        List<String> args = new ArrayList<>(List.of("--method", name, "--lr", "0.05"));
        if (options != null) {
            args.addAll(List.of(options.split(" ")));
        }
        assertEquals("", command.train("out", args.toArray(String[]::new)));
        Path adapter = folder.resolve("out/adapter");
        String config = Files.readString(adapter.resolve("adapter_config.json"));
        assertTrue(config.contains(stated), config);
        try (AdapterFile file = AdapterFile.open(adapter);
                ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
                Scope scope = Scope.open("change")) {
            assertEquals(name, file.record().orElseThrow().kind().label());
            Map<String, long[]> modules = TargetModules.of(source.transformerConfig());
            file.match(modules, source.fingerprint());
            AdapterSource on = file.on(source.transformer());
            assertEquals(14, on.modules().size());
            double largest = 0;
            for (String module : on.modules().keySet()) {
                for (float value : on.open(scope, module, AdapterKind.CHANGE).toFloats()) {
                    largest = Math.max(largest, Math.abs(value));
                }
            }
            assertTrue(largest > 1e-3 && largest < 10, "the largest change is " + largest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--method lokr --factor 7, --factor 7 does not divide the 64 outputs of",
        "--method lokr --factor 0, '--factor must be at least 1, or -1'",
        "--method lokr --rank 65, 'rank 65 is larger than both sides of'",
        "--method oft --oft-block-size 7, --oft-block-size 7 does not divide the 64 inputs of",
        "--method oft --oft-block-size 1, '--oft-block-size must be at least 2, not 1'",
        "--method oft --oft-limit -1, '--oft-limit must be at least 0, not -1.0'",
        "--method boft --oft-block-size 32 --butterflies 3, need a multiple of 128 inputs",
        "--method boft --oft-block-size 5 --butterflies 2, must be even for 2 butterflies",
        "--method lokr --lora-plus-ratio 4, lokr has no matrix of outputs",
        "--method oft --rank-dropout 0.1, oft has no plain ranks"
    })
    void sizesThatDoNotFitAreRefusedInALine(String options, String message) {
        String told = new TrainedCommand(folder, "tiny-3.0").train("no", options.split(" "));
        assertTrue(told.contains(message), told);
        assertFalse(told.contains("\n"), told);
        assertFalse(Files.exists(folder.resolve("no")), "a folder was made");
    }

    /** The largest size within a budget is one that divides the inputs. */
    @Test
    void blocksMatchedToABudgetDivideTheInputs() {
        Map<String, long[]> modules = Map.of("a", new long[] {64, 64}, "b", new long[] {64, 96});
        AdapterKind matched = Sizing.match(new Oft(2, Oft.TERMS, 0, false), modules, 1000);
        assertEquals(new Oft(8, Oft.TERMS, 0, false), matched);
        assertEquals(560, Sizing.parameters(matched, modules));
    }
}
