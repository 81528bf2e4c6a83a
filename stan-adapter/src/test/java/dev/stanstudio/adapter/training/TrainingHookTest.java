package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of the kinds besides descending the gradient, and tensors that every step leaves alone. */
class TrainingHookTest {
    private static final String MODULE = "transformer_blocks.0.attn.to_q.";

    @TempDir private Path folder;

    static List<AdapterKind> kinds() {
        return List.of(
                Stan.of(12, 3),
                reviving(2),
                Lora.of(2, 2),
                new AdaLora(4, 2, 8, new AdaLora.Schedule(1, 1, 1), 0.85, 0.85, 0.5),
                new Sora(4, 4, 10, 3e-4),
                new SparseMask(100, 1, true, 2));
    }

    /** Dead after two updates. */
    private static Stan reviving(int features) {
        return Stan.of(12, 3).withRevival(new Revival(features, 0.5, 2));
    }

    @Test
    void featuresThatNoTokenKeepsDieAndAreTaughtAgain() {
        try (TinyTraining training = new TinyTraining(folder, reviving(2), DType.FP32, 10, 1)) {
            Tensor life = training.adapter.states().get(MODULE + Stan.LIFE);
            for (int i = 0; i < 4; i++) {
                training.step(1, 0.01);
            }
            float[] lives = life.toFloats();
            int dead = 0;
            for (int i = 0; i < 12; i++) {
                boolean kept = lives[12 + i] == 1;
                assertEquals(kept ? 2f : lives[i], lives[i]);
                assertEquals(0.5f, lives[24 + i]);
                dead += lives[i] <= 0 ? 1 : 0;
            }
            assertTrue(dead > 0, "every feature is kept: " + Arrays.toString(lives));
            assertTrue(training.trainer.numbers().get("dead_features") >= dead);
            float[] before = training.values(MODULE + "stan_E.weight");
            training.step(1, 0.01);
            float[] after = training.values(MODULE + "stan_E.weight");
            int taught = 0;
            for (int i = 0; i < 12; i++) {
                boolean moved = Math.abs(after[8 * i] / before[8 * i] - 1) > 1e-3;
                taught += lives[i] <= 0 && moved ? 1 : 0;
            }
            assertTrue(taught > 0, "no dead feature moved");
        }
    }

    /** While nothing is dead the change is eq. 3. */
    @Test
    void theLivingAreNotTouchedByRevival() {
        Map<String, float[]> plain = new LinkedHashMap<>();
        for (AdapterKind kind : List.of(Stan.of(12, 3), reviving(2))) {
            try (TinyTraining training = new TinyTraining(folder, kind, DType.FP32, 10, 1)) {
                training.step(1, 0.01);
                training.step(2, 0.01);
                training.adapter
                        .parameters()
                        .byName()
                        .forEach(
                                (name, tensor) -> {
                                    float[] known = plain.putIfAbsent(name, tensor.toFloats());
                                    if (known != null) {
                                        assertArrayEquals(known, tensor.toFloats(), 1e-6f, name);
                                    }
                                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aStepChangesTheAdapterAndNothingElse(AdapterKind kind) {
        try (TinyTraining training = new TinyTraining(folder, kind, DType.FP32, 10, 1);
                Scope scope = Scope.open("test")) {
            Map<String, float[]> base = new LinkedHashMap<>();
            for (String name : training.source.transformer().names()) {
                base.put(name, training.source.transformer().open(scope, name).toFloats());
            }
            double first = training.step(1, 0.01).loss();
            for (int i = 0; i < 30; i++) {
                training.step(1, 0.01);
            }
            double last = training.step(1, 0.01).loss();
            System.out.println(kind.label() + ": loss " + first + " to " + last);
            assertTrue(last < 0.98 * first, kind.label() + " learns nothing");
            base.forEach(
                    (name, values) ->
                            assertArrayEquals(
                                    values,
                                    training.source.transformer().open(scope, name).toFloats(),
                                    name));
        }
    }

    @Test
    void halfTypesTrainInFullPrecision() {
        try (TinyTraining training = new TinyTraining(folder, Stan.of(12, 3), DType.BF16, 10, 1)) {
            double first = training.step(1, 0.01).loss();
            for (int i = 0; i < 10; i++) {
                training.step(1, 0.01);
            }
            assertTrue(training.step(1, 0.01).loss() < first);
            training.adapter
                    .parameters()
                    .tensors()
                    .forEach(tensor -> assertEquals(DType.FP32, tensor.dtype()));
        }
    }

    @Test
    void shardsGiveTheGradientsOfTheWholeBatch() {
        float[][] after = new float[2][];
        for (int shards = 1; shards <= 2; shards++) {
            try (TinyTraining training =
                    new TinyTraining(folder, Lora.of(2, 2), DType.FP32, 10, shards)) {
                training.step(1, 0.01);
                training.step(2, 0.01);
                after[shards - 1] = training.values(MODULE + "lora_B.weight");
            }
        }
        for (int i = 0; i < after[0].length; i++) {
            assertEquals(after[0][i], after[1][i], 1e-4);
        }
    }

    /** TsinghuaC3I/SoRA, sparse_optimizer.py: the step has no learning rate in it. */
    @Test
    void gatesShrinkByLambdaTwoWhateverTheRate() {
        for (double rate : new double[] {0.02, 0.002}) {
            float[] left = gates(new Sora(4, 4, 0, 0), rate);
            float[] shrunk = gates(new Sora(4, 4, 0, 0.125), rate);
            for (int i = 0; i < 4; i++) {
                double size = Math.max(0, Math.abs(left[i]) - 0.125);
                assertEquals(Math.copySign(size, left[i]), shrunk[i], 1e-6);
            }
        }
        try (TinyTraining training =
                new TinyTraining(folder, new Sora(4, 4, 0, 100), DType.FP32, 10, 1)) {
            training.step(1, 0.02);
            assertEquals(0.0, training.trainer.numbers().get("ranks"));
        }
    }

    /** src/lora.py there begins with torch.randn, and weight decay leaves gates alone. */
    @Test
    void gatesBeginNormalAndAreNotDecayed() {
        try (TinyTraining training =
                new TinyTraining(folder, new Sora(64, 4, 0, 0), DType.FP32, 10, 1)) {
            float[] gates = training.values(MODULE + Sora.GATE);
            double square = 0;
            for (float gate : gates) {
                square += gate * gate / gates.length;
            }
            assertEquals(1, Math.sqrt(square), 0.3);
            assertTrue(training.adapter.undecayed().stream().allMatch(n -> n.endsWith(Sora.GATE)));
            assertTrue(training.adapter.undecayed().contains(MODULE + Sora.GATE));
        }
    }

    /** The decoder begins at zero, so only the penalty moves gates in the first update. */
    @Test
    void penaltyPullsGatesInTheFirstUpdate() {
        float[] free = gates(new Sora(4, 4, 0, 0), 0.02);
        float[] pulled = gates(new Sora(4, 4, 10, 0), 0.02);
        for (int i = 0; i < 4; i++) {
            assertEquals(Math.abs(free[i]) - 0.02, Math.abs(pulled[i]), 1e-3);
        }
    }

    private float[] gates(Sora kind, double rate) {
        try (TinyTraining training = new TinyTraining(folder, kind, DType.FP32, 10, 1)) {
            training.step(1, rate);
            return training.values(MODULE + Sora.GATE);
        }
    }

    private static int ones(float[] mask) {
        int count = 0;
        for (float value : mask) {
            count += value == 1 ? 1 : 0;
        }
        return count;
    }

    @Test
    void masksAreChosenInTheFirstEpochAndThenStay() {
        try (TinyTraining training =
                new TinyTraining(folder, new SparseMask(100, 1, true, 2), DType.FP32, 5, 1)) {
            Tensor mask = training.adapter.states().get(MODULE + SparseMask.MASK);
            training.step(1, 0.01);
            training.step(2, 0.01);
            assertEquals(64, ones(mask.toFloats()));
            training.step(3, 0.01);
            float[] chosen = mask.toFloats();
            assertEquals(6, ones(chosen));
            training.step(4, 0.01);
            assertArrayEquals(chosen, mask.toFloats());
            training.step(5, 0.01);
            training.step(6, 0.01);
            float[] last = mask.toFloats();
            for (int i = 7; i < 12; i++) {
                training.step(i, 0.01);
            }
            assertArrayEquals(last, mask.toFloats());
            assertEquals(6, ones(last));
        }
    }

    /** The choice against one made in Java. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "16, true", "16, false"})
    void theMostSensitiveCellsAreChosen(int block, boolean signed) {
        int side = 64;
        int kept = 5;
        try (Scope scope = Scope.open("test")) {
            RandomSource random = RandomSource.seeded(scope, 9);
            Tensor w = random.normal(scope, new long[] {side, side}, DType.FP32);
            Tensor g = random.normal(scope, new long[] {side, side}, DType.FP32);
            Tensor mask = Tensors.zeros(scope, new long[] {side, side}, DType.FP32, Device.CPU);
            AdapterParameters.program().callLong("select_cells", w, g, mask, kept, block, signed);
            int cells = side / block;
            double[] sums = new double[cells * cells];
            float[] a = w.toFloats();
            float[] b = g.toFloats();
            for (int i = 0; i < a.length; i++) {
                double score = (double) a[i] * b[i];
                int cell = i / side / block * cells + i % side / block;
                sums[cell] += signed ? score : Math.abs(score);
            }
            double[] sorted = sums.clone();
            Arrays.sort(sorted);
            double least = sorted[sorted.length - kept];
            float[] made = mask.toFloats();
            for (int i = 0; i < a.length; i++) {
                boolean wanted = sums[i / side / block * cells + i % side / block] >= least;
                assertEquals(wanted ? 1f : 0f, made[i], "at " + i);
            }
        }
    }

    @Test
    void firstValuesAreWhatTheKindsSay() {
        try (TinyTraining training = new TinyTraining(folder, Stan.of(12, 3), DType.FP32, 10, 1)) {
            float[] encoder = training.values(MODULE + "stan_E.weight");
            double bound = 1 / Math.sqrt(8);
            double largest = 0;
            for (float value : encoder) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertTrue(largest <= bound && largest > 0.9 * bound, "largest " + largest);
            assertArrayEquals(new float[96], training.values(MODULE + "stan_D.weight"));
            assertFalse(
                    Arrays.equals(
                            encoder,
                            training.values(MODULE.replace("to_q", "to_k") + "stan_E.weight")));
        }
    }
}
