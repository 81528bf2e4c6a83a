package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Boft;
import dev.stanstudio.adapter.kind.Lokr;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Oft;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The training around the steps: order, resuming, validation. */
class AdapterTrainingRunTest {
    @TempDir private Path folder;

    /** Five drawn examples. */
    private record Drawn(List<Example> all) implements Examples {
        static Drawn of(Scope scope) {
            return of(scope, 5);
        }

        static Drawn of(Scope scope, int count) {
            RandomSource random = RandomSource.seeded(scope, 4);
            List<Example> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(
                        new Example(
                                random.normal(scope, new long[] {1, 32, 4, 4}, DType.FP32),
                                random.normal(scope, new long[] {1, 5, 12}, DType.FP32),
                                random.normal(scope, new long[] {1, 10}, DType.FP32),
                                1));
            }
            return new Drawn(all);
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

    private static AdapterTrainingSettings settings(AdapterKind kind, long seed, int shards) {
        return new AdapterTrainingSettings(
                kind,
                8,
                2,
                shards,
                new LearningRate(0.01, 2, 8, LearningRate.Shape.COSINE),
                AdamW.Settings.DEFAULTS,
                0.9,
                FlowObjective.DEFAULT,
                NoiseLevels.DEFAULT,
                0.5,
                seed,
                "drawn");
    }

    /** A training over {@link TinyTraining}'s model; close it. */
    private final class Run implements AutoCloseable {
        private final Scope scope = Scope.open("run");
        private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        private final Vae vae =
                Vae.load(source.vaeConfig(), source.vae(), new Placement(Device.CPU, DType.FP32));
        private final TinyTraining tiny;
        private final FrozenTransformers frozen;
        private final AdapterTrainingRun training;

        /**
         * @param measured pictures of the validation; null for those of the training
         * @param form of the frozen base; blocks are recomputed where it is small
         */
        Run(AdapterKind kind, long seed, @Nullable Examples measured, Quantization form) {
            this(kind, seed, measured, form, 1, 1);
        }

        Run(
                AdapterKind kind,
                long seed,
                @Nullable Examples measured,
                Quantization form,
                int shards,
                int devices) {
            tiny = new TinyTraining(folder, kind, DType.FP32, 10, 1);
            frozen =
                    new FrozenTransformers(
                            tiny.source,
                            new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, false, form),
                            Collections.nCopies(devices, Device.CPU));
            Drawn examples = Drawn.of(scope);
            AdapterParameters adapter =
                    AdapterParameters.fresh(
                            kind,
                            tiny.adapter.modules(),
                            2,
                            Device.CPU,
                            seed,
                            tiny.source.transformer());
            training =
                    new AdapterTrainingRun(
                            settings(kind, seed, shards),
                            new AdapterTrainingRun.Model(
                                    frozen.networks(), TrainingTable.of(source.schedule()), vae),
                            adapter,
                            new Examples.Split(examples, measured == null ? examples : measured),
                            new AdapterTrainingRun.Extras(null, form.small(), TrainingBasis.NONE));
            values = adapter;
        }

        private final AdapterParameters values;

        Map<String, float[]> values() {
            Map<String, float[]> all = new LinkedHashMap<>();
            values.parameters().byName().forEach((name, t) -> all.put(name, t.toFloats()));
            return all;
        }

        @Override
        public void close() {
            training.close();
            frozen.close();
            tiny.close();
            vae.close();
            source.close();
            scope.close();
        }
    }

    /** Counts how often each picture is opened. */
    private record Counting(Examples examples, List<Integer> opened) implements Examples {
        @Override
        public int count() {
            return examples.count();
        }

        @Override
        public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
            opened.add(index);
            return examples.open(scope, index, flipped, captioned);
        }
    }

    @Test
    void validationMeasuresEveryPicture() {
        try (Scope scope = Scope.open("measured")) {
            Counting many = new Counting(Drawn.of(scope, 40), new ArrayList<>());
            try (Run run = new Run(Lora.of(2, 2), 1, many, Quantization.NONE)) {
                run.training.validate();
            }
            assertEquals(IntStream.range(0, 40).boxed().toList(), many.opened());
        }
    }

    static List<AdapterKind> kinds() {
        List<AdapterKind> kinds = new ArrayList<>(TrainingHookTest.kinds());
        kinds.add(new Lokr(1, 2, Lokr.NEAR_ROOT, true));
        kinds.add(new Oft(4, Oft.TERMS, 1e-4, false));
        kinds.add(new Boft(2, 2));
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTrainingThatGoesOnIsTheUnbrokenOne(AdapterKind kind) {
        assertGoesOn(kind, Quantization.NONE);
    }

    @ParameterizedTest
    @EnumSource(value = Quantization.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aTrainingOnASmallBaseThatGoesOnIsTheUnbrokenOne(Quantization form) {
        assertGoesOn(Lora.of(2, 2), form);
    }

    private void assertGoesOn(AdapterKind kind, Quantization form) {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        Map<String, float[]> unbroken;
        Map<String, Double> validated;
        try (Run run = new Run(kind, 1, null, form)) {
            for (int i = 0; i < 8; i++) {
                run.training.step();
                if (i == 4) {
                    run.training.save(checkpoint);
                }
            }
            unbroken = run.values();
            validated = run.training.validate();
        }
        try (Run run = new Run(kind, 1, null, form)) {
            run.training.validate();
            run.training.resume(checkpoint);
            assertEquals(5, run.training.steps());
            for (int i = 5; i < 8; i++) {
                run.training.step();
            }
            assertEquals(validated, run.training.validate());
            run.values()
                    .forEach((name, values) -> assertArrayEquals(unbroken.get(name), values, name));
        }
        try (Run run = new Run(kind, 2, null, form)) {
            assertThrows(UserException.class, () -> run.training.resume(checkpoint));
        }
    }

    /** Stops the training at a step of the log, as Ctrl-C does. */
    private record Stopping(long at) implements TrainingLoop.Listener {
        @Override
        public void onNumbers(String kind, long step, long planned, Map<String, Double> numbers) {
            if (step == at) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aTrainingStoppedOnTwoDevicesGoesOnWithOne() {
        Lora kind = Lora.of(2, 2);
        Map<String, float[]> unbroken;
        try (Run run = new Run(kind, 1, null, Quantization.NONE, 2, 1)) {
            for (int i = 0; i < 8; i++) {
                run.training.step();
            }
            unbroken = run.values();
        }
        Path out = folder.resolve("stopped");
        TrainingLoop.Rhythm rhythm = new TrainingLoop.Rhythm(1, 100, 1000);
        try (Run run = new Run(kind, 1, null, Quantization.NONE, 2, 2)) {
            TrainingLoop loop = new TrainingLoop(out, rhythm, new Stopping(5));
            CancellationException stopped =
                    assertThrows(CancellationException.class, () -> loop.run(run.training));
            assertTrue(Thread.interrupted());
            assertEquals(
                    "stopped at step 5 of 8; the same command goes on from there",
                    stopped.getMessage());
        }
        try (Run run = new Run(kind, 1, null, Quantization.NONE, 2, 1)) {
            run.training.resume(out.resolve(TrainingLoop.CHECKPOINT));
            assertEquals(5, run.training.steps());
            for (int i = 5; i < 8; i++) {
                run.training.step();
            }
            run.values()
                    .forEach((name, values) -> assertArrayEquals(unbroken.get(name), values, name));
        }
    }

    @Test
    void everyEpochTakesEveryPictureOnceInAnOrderOfItsOwn() {
        try (Scope scope = Scope.open("order")) {
            ExampleOrder order = new ExampleOrder(Drawn.of(scope), 2, 1);
            int[] places = new int[10];
            for (int step = 0; step < 5; step++) {
                System.arraycopy(order.chosen(step), 0, places, 2 * step, 2);
            }
            int[] first = Arrays.copyOfRange(places, 0, 5);
            int[] second = Arrays.copyOfRange(places, 5, 10);
            assertFalse(Arrays.equals(first, second));
            for (int[] epoch : new int[][] {first, second}) {
                Set<Integer> seen = new HashSet<>();
                for (int place : epoch) {
                    seen.add(place);
                }
                assertEquals(Set.of(0, 1, 2, 3, 4), seen);
            }
        }
    }

    @Test
    void noiseLevelsFollowTheirDensity() {
        ScheduleConfig config;
        try (ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null)) {
            config = source.schedule();
        }
        TrainingTable table = TrainingTable.of(config);
        for (NoiseLevels.Density density : NoiseLevels.Density.values()) {
            NoiseLevels levels = new NoiseLevels(density, 0, 1, 1.29);
            Random random = new Random(1);
            double mean = 0;
            for (int i = 0; i < 20_000; i++) {
                double place = levels.place(random);
                assertTrue(place >= 0 && place <= 1, density + " " + place);
                mean += place / 20_000;
                double sigma = levels.draw(random, table);
                assertTrue(sigma > 0 && sigma <= 1, density + " " + sigma);
            }
            assertEquals(0.5, mean, 0.01, density + "");
        }
        // Small places are much noise: with a mean of −3 nearly all levels are high.
        NoiseLevels low = new NoiseLevels(NoiseLevels.Density.LOGIT_NORMAL, -3, 0.1, 0);
        assertTrue(low.draw(new Random(1), table) > 0.9);
        assertThrows(
                ArgumentException.class,
                () -> new NoiseLevels(NoiseLevels.Density.UNIFORM, 0, 0, 0));
    }

    /** The weightings against the reference's formulas for one element. */
    @Test
    void weightingsAreTheReferences() {
        double sigma = 0.3;
        try (Scope scope = Scope.open("test")) {
            Tensor v = Tensors.of(scope, new float[] {0.5f}, 1, 1, 1, 1);
            Tensor z = Tensors.of(scope, new float[] {2}, 1, 1, 1, 1);
            Tensor e = Tensors.of(scope, new float[] {-1}, 1, 1, 1, 1);
            double[] sigmas = {sigma};
            double square = Math.pow(0.5 - (-1 - 2), 2);
            double cosmap = 2 / (Math.PI * (1 - 2 * sigma + 2 * sigma * sigma));
            Map<FlowObjective.Weighting, Double> factors =
                    Map.of(
                            FlowObjective.Weighting.NONE,
                            1.0,
                            FlowObjective.Weighting.SIGMA_SQRT,
                            1 / (sigma * sigma),
                            FlowObjective.Weighting.COSMAP,
                            cosmap);
            for (FlowObjective.Weighting weighting : FlowObjective.Weighting.values()) {
                for (boolean preconditioned : new boolean[] {false, true}) {
                    FlowObjective objective = new FlowObjective(preconditioned, weighting);
                    Tensor x = objective.noisy(scope, z, e, sigmas);
                    double loss =
                            objective.loss(scope, new Objective.Answer(v, null, x, z, e), sigmas)
                                    .toFloats()[0];
                    double wanted =
                            factors.get(weighting) * square * (preconditioned ? sigma * sigma : 1);
                    assertEquals(wanted, loss, 1e-5 * wanted, weighting + " " + preconditioned);
                }
            }
        }
    }
}
