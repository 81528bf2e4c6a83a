package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import dev.stanstudio.training.LearningRate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses on pairs and trainings with them, against PyTorch where it can do the same. */
class PreferenceTrainingTest {
    private static final Path REFERENCE =
            Path.of(System.getProperty("basedir", "."), "src/test/resources/reference/preferences");
    private static final int PAIRS = 2;
    private static final int BATCHES = 4;
    private static final float SCALE = 0.1f;
    private static final List<String> ENDS = List.of("to_q", "to_v", "to_out.0");

    @TempDir private Path folder;

    private static PreferenceObjective objective(PreferenceObjective.Form form) {
        return new PreferenceObjective(form, 100, 0);
    }

    /** Repeats {@code docs/reference/preferences.py} from the same draws; close it. */
    private static final class Reference implements AutoCloseable {
        private final Scope scope = Scope.open("reference");
        private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        private final Mmdit transformer;
        private final AdapterParameters adapter;
        private final AdapterStep trainer;

        Reference(PreferenceObjective objective, boolean checkpointing) {
            MmditConfig config = source.transformerConfig();
            try (Autograd recording = Autograd.record()) {
                transformer =
                        Mmdit.trainable(
                                config,
                                new FrozenWeights(source.transformer()),
                                new Placement(Device.CPU, DType.FP32));
            }
            Map<String, long[]> modules = new LinkedHashMap<>();
            Map<String, Tensor> start = new LinkedHashMap<>();
            long width = config.width();
            for (int block = 0; block < 2; block++) {
                for (String end : ENDS) {
                    String module = "transformer_blocks.%d.attn.%s".formatted(block, end);
                    RandomSource draw = RandomSource.seeded(scope, 10 + modules.size());
                    Tensor a = draw.normal(scope, new long[] {2, width}, DType.FP32);
                    start.put(
                            module + ".lora_A.weight",
                            Tensors.combine(scope, new double[] {SCALE}, List.of(a), DType.FP32));
                    start.put(
                            module + ".lora_B.weight",
                            Tensors.zeros(scope, new long[] {width, 2}, DType.FP32, Device.CPU));
                    modules.put(module, new long[] {width, width});
                }
            }
            adapter = AdapterParameters.of(Lora.of(2, 2), modules, 2, Device.CPU, start);
            AdamW.Settings adam = new AdamW.Settings(0.9, 0.999, 1e-8, 1e-2, 1);
            trainer =
                    new AdapterStep(
                            transformer,
                            adapter,
                            new AdapterStep.Settings(objective, adam, 50, 50, 1, checkpointing));
        }

        TrainingBatch batch(Scope owner, int step) {
            MmditConfig config = source.transformerConfig();
            RandomSource draw = RandomSource.seeded(owner, 100 + step % BATCHES);
            long[] latents = {2 * PAIRS, config.inChannels(), 4, 4};
            long[] noise = {PAIRS, config.inChannels(), 4, 4};
            Tensor pictures = draw.normal(owner, latents, DType.FP32);
            Tensor text =
                    draw.normal(
                            owner, new long[] {PAIRS, 5, config.jointAttentionDim()}, DType.FP32);
            Tensor pooled =
                    draw.normal(
                            owner, new long[] {PAIRS, config.pooledProjectionDim()}, DType.FP32);
            RandomSource own = RandomSource.seeded(owner, 1000 + step);
            Tensor drawn = own.normal(owner, noise, DType.FP32);
            float[] levels = own.uniform(owner, new long[] {PAIRS}, DType.FP32).toFloats();
            List<Double> sigmas = new ArrayList<>();
            for (float level : levels) {
                sigmas.addAll(List.of((double) level, (double) level));
            }
            return new TrainingBatch(
                    pictures,
                    Tensors.repeatRows(owner, text, 2),
                    Tensors.repeatRows(owner, pooled, 2),
                    1,
                    Tensors.repeatRows(owner, drawn, 2),
                    sigmas);
        }

        AdapterStep.StepReport step(int step) {
            try (Scope batch = Scope.open("batch")) {
                return trainer.step(batch(batch, step), 2e-3);
            }
        }

        double worstWeight(String form) {
            double worst = 0;
            TensorCollection stored =
                    TensorCollection.open(REFERENCE.resolve("weights.safetensors"));
            try (TensorFiles files = new TensorFiles();
                    Scope reading = Scope.open("weights")) {
                for (Map.Entry<String, Tensor> entry : adapter.parameters().byName().entrySet()) {
                    Tensor end = files.open(reading, stored.tensor(form + "." + entry.getKey()));
                    worst = Math.max(worst, Goldens.difference(entry.getValue(), end));
                }
            }
            return worst;
        }

        @Override
        public void close() {
            trainer.close();
            adapter.close();
            transformer.close();
            source.close();
            scope.close();
        }
    }

    private static JsonNode curve(PreferenceObjective.Form form) throws IOException {
        return new ObjectMapper()
                .readTree(REFERENCE.resolve("curves.json").toFile())
                .get(form.label());
    }

    @ParameterizedTest
    @EnumSource(PreferenceObjective.Form.class)
    void fiftyStepsArePyTorchs(PreferenceObjective.Form form) throws IOException {
        JsonNode curve = curve(form);
        PreferenceObjective objective =
                new PreferenceObjective(
                        form, curve.get("beta").asDouble(), curve.get("margin").asDouble());
        try (Reference reference = new Reference(objective, false)) {
            double worst = worstLoss(reference, curve, 50);
            double weights = reference.worstWeight(form.label());
            System.out.printf(
                    Locale.ROOT,
                    "%s: worst loss error %.1e, weights %.1e%n",
                    form.label(),
                    worst,
                    weights);
            assertTrue(weights <= 1e-4, form.label() + " weights differ by " + weights);
        }
        try (Reference reference = new Reference(objective, true)) {
            worstLoss(reference, curve, 3);
        }
    }

    private static double worstLoss(Reference reference, JsonNode curve, int steps) {
        double worst = 0;
        for (int step = 0; step < steps; step++) {
            AdapterStep.StepReport report = reference.step(step);
            double loss = curve.get("losses").get(step).asDouble();
            double norm = curve.get("norms").get(step).asDouble();
            worst = Math.max(worst, Math.abs(report.loss() - loss));
            assertEquals(norm, report.gradientNorm(), 1e-3 * norm, "norm of step " + step);
        }
        assertTrue(worst <= 1e-4, "losses differ by " + worst);
        return worst;
    }

    static List<AdapterKind> kinds() {
        return TrainingHookTest.kinds();
    }

    /** The rows of each pair with one noise and level. */
    private static TrainingBatch pairs(Scope scope) {
        RandomSource random = RandomSource.seeded(scope, 7);
        Tensor noise = random.normal(scope, new long[] {2, 16, 4, 4}, DType.FP32);
        Tensor text = random.normal(scope, new long[] {2, 5, 12}, DType.FP32);
        Tensor pooled = random.normal(scope, new long[] {2, 10}, DType.FP32);
        return new TrainingBatch(
                random.normal(scope, new long[] {4, 16, 4, 4}, DType.FP32),
                Tensors.repeatRows(scope, text, 2),
                Tensors.repeatRows(scope, pooled, 2),
                1,
                Tensors.repeatRows(scope, noise, 2),
                List.of(0.3, 0.3, 0.8, 0.8));
    }

    private static AdapterStep trainer(
            TinyTraining tiny, AdapterParameters adapter, Objective objective, int shards) {
        return new AdapterStep(
                tiny.transformer,
                adapter,
                new AdapterStep.Settings(
                        objective, AdamW.Settings.DEFAULTS, 100, 10, shards, false));
    }

    private static double loss(AdapterStep trainer, TrainingBatch batch) {
        try (Scope scope = Scope.open("loss");
                Autograd paused = Autograd.pause()) {
            return trainer.loss(scope, batch).toFloats()[0];
        }
    }

    /** An adapter that adds nothing is the reference, and a step prefers what was preferred. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theLossIsTheLogarithmOfTwoAtWeightZeroAndFallsFromThere(AdapterKind kind) {
        try (TinyTraining tiny = new TinyTraining(folder, kind, DType.FP32, 10, 1);
                Scope scope = Scope.open("pairs")) {
            TrainingBatch batch = pairs(scope);
            try (AdapterStep trainer =
                    trainer(tiny, tiny.adapter, objective(PreferenceObjective.Form.DPO), 1)) {
                assertEquals((float) Math.log(2), loss(trainer, batch));
                double before = trainer.step(batch, 1e-4).loss();
                double after = loss(trainer, batch);
                assertEquals((float) Math.log(2), before);
                assertTrue(after < before, kind.label() + " rose to " + after);
                assertTrue(
                        loss(trainer, turned(scope, batch)) > before,
                        kind.label() + " prefers both");
            }
        }
    }

    /** The same pairs with the other picture preferred. */
    private static TrainingBatch turned(Scope scope, TrainingBatch batch) {
        List<Tensor> rows = new ArrayList<>();
        for (int row : new int[] {1, 0, 3, 2}) {
            rows.add(Tensors.narrow(scope, batch.latents(), 0, row, row + 1));
        }
        return new TrainingBatch(
                Tensors.concat(scope, rows, 0),
                batch.promptEmbeds(),
                batch.pooled(),
                1,
                batch.noise(),
                batch.sigmas());
    }

    @Test
    void pairsStayWholeInShards() {
        PreferenceObjective objective = objective(PreferenceObjective.Form.DPO);
        List<Map<String, float[]>> ends = new ArrayList<>();
        for (int shards : new int[] {1, 2}) {
            try (TinyTraining tiny =
                            new TinyTraining(folder, Lora.of(2, 2), DType.FP32, 10, shards);
                    AdapterStep trainer = trainer(tiny, tiny.adapter, objective, shards);
                    Scope scope = Scope.open("pairs")) {
                for (int i = 0; i < 3; i++) {
                    trainer.step(pairs(scope), 1e-3);
                }
                Map<String, float[]> end = new LinkedHashMap<>();
                tiny.adapter.parameters().byName().forEach((n, t) -> end.put(n, t.toFloats()));
                ends.add(end);
            }
        }
        ends.get(0)
                .forEach((name, values) -> assertArrayEquals(values, ends.get(1).get(name), 1e-6f));
    }

    /** Six drawn pictures; pairs are of neighbours. */
    private record Drawn(List<Example> all) implements Examples {
        static PairExamples pairs(Scope scope) {
            RandomSource random = RandomSource.seeded(scope, 4);
            List<Example> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Tensor text = random.normal(scope, new long[] {1, 5, 12}, DType.FP32);
                Tensor pooled = random.normal(scope, new long[] {1, 10}, DType.FP32);
                for (int k = 0; k < 2; k++) {
                    Tensor moments = random.normal(scope, new long[] {1, 32, 4, 4}, DType.FP32);
                    all.add(new Example(moments, text, pooled, 1));
                }
            }
            return new PairExamples(
                    new Drawn(all),
                    List.of(
                            new PairExamples.Places(0, 1),
                            new PairExamples.Places(2, 3),
                            new PairExamples.Places(5, 4)));
        }

        @Override
        public int count() {
            return all.size();
        }

        @Override
        public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
            return all.get(index);
        }
    }

    /** A training over {@link TinyTraining}'s model; close it. */
    private final class Run implements AutoCloseable {
        private final Scope scope = Scope.open("run");
        private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        private final Vae vae =
                Vae.load(source.vaeConfig(), source.vae(), new Placement(Device.CPU, DType.FP32));
        private final TinyTraining tiny;
        private final AdapterTrainingSettings settings;
        private final PairExamples pairs = Drawn.pairs(scope);
        private final AdapterParameters adapter;
        private final AdapterTrainingRun training;

        Run(AdapterKind kind) {
            tiny = new TinyTraining(folder, kind, DType.FP32, 10, 1);
            adapter = AdapterParameters.fresh(kind, tiny.adapter.modules(), 2, Device.CPU, 1);
            settings =
                    new AdapterTrainingSettings(
                            kind,
                            8,
                            2,
                            1,
                            new LearningRate(0.01, 2, 8, LearningRate.Shape.COSINE),
                            AdamW.Settings.DEFAULTS,
                            0.9,
                            objective(PreferenceObjective.Form.DPO),
                            NoiseLevels.DEFAULT,
                            0.5,
                            1,
                            "drawn");
            training =
                    new AdapterTrainingRun(
                            settings,
                            new AdapterTrainingRun.Model(
                                    tiny.transformer, TrainingTable.of(source.schedule()), vae),
                            adapter,
                            new Examples.Split(pairs, pairs),
                            AdapterTrainingRun.Extras.NONE);
        }

        Map<String, float[]> values() {
            Map<String, float[]> all = new LinkedHashMap<>();
            adapter.parameters().byName().forEach((name, t) -> all.put(name, t.toFloats()));
            return all;
        }

        @Override
        public void close() {
            training.close();
            tiny.close();
            vae.close();
            source.close();
            scope.close();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTrainingThatGoesOnIsTheUnbrokenOne(AdapterKind kind) {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        Map<String, float[]> unbroken;
        Map<String, Double> validated;
        try (Run run = new Run(kind)) {
            for (int i = 0; i < 8; i++) {
                run.training.step();
                if (i == 4) {
                    run.training.save(checkpoint);
                }
            }
            unbroken = run.values();
            validated = run.training.validate();
        }
        try (Run run = new Run(kind)) {
            run.training.resume(checkpoint);
            for (int i = 5; i < 8; i++) {
                run.training.step();
            }
            assertEquals(validated, run.training.validate());
            run.values()
                    .forEach((name, values) -> assertArrayEquals(unbroken.get(name), values, name));
        }
    }

    @Test
    void bothPicturesOfAPairGetOneNoiseLevelAndCaption() {
        try (Run run = new Run(Lora.of(2, 2));
                Scope scope = Scope.open("batch")) {
            Batches batches =
                    new Batches(
                            run.settings,
                            TrainingTable.of(run.source.schedule()),
                            run.vae,
                            run.pairs,
                            null);
            TrainingBatch batch = batches.drawn(scope, new int[] {0, 2}, 3);
            assertEquals(4, batch.size());
            for (int pair = 0; pair < 2; pair++) {
                assertEquals(batch.sigmas().get(2 * pair), batch.sigmas().get(2 * pair + 1));
                assertArrayEquals(
                        row(scope, batch.noise(), 2 * pair),
                        row(scope, batch.noise(), 2 * pair + 1));
                assertArrayEquals(
                        row(scope, batch.pooled(), 2 * pair),
                        row(scope, batch.pooled(), 2 * pair + 1));
            }
            assertTrue(batch.sigmas().get(0).doubleValue() != batch.sigmas().get(2));
            // The third pair names its second picture as the preferred one.
            TrainingBatch fourth = batches.drawn(scope, new int[] {2}, 4);
            assertTrue(
                    Goldens.difference(
                                    Tensors.narrow(scope, fourth.latents(), 0, 0, 1),
                                    Tensors.narrow(scope, fourth.latents(), 0, 1, 2))
                            > 0);
        }
    }

    private static float[] row(Scope scope, Tensor tensor, int row) {
        return Tensors.narrow(scope, tensor, 0, row, row + 1).toFloats();
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        PreferenceObjective.Form form = PreferenceObjective.Form.DPO;
        ArgumentException beta =
                assertThrows(ArgumentException.class, () -> new PreferenceObjective(form, 0, 0));
        assertEquals("--beta must be greater than 0, not 0.0", beta.getMessage());
        ArgumentException margin =
                assertThrows(ArgumentException.class, () -> new PreferenceObjective(form, 1, -1));
        assertEquals("--margin must be at least 0, not -1.0", margin.getMessage());
        ArgumentException name =
                assertThrows(ArgumentException.class, () -> PreferenceObjective.Form.of("kto"));
        assertTrue(name.getMessage().endsWith("use dpo, ipo, simpo, winner"), name.getMessage());
    }
}
