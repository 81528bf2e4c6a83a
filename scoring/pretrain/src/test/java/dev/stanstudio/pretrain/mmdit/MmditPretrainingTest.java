package dev.stanstudio.pretrain.mmdit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MmditPretrainingTest {
    private static final int COUNT = 6;
    private static final int STEPS = 60;
    private static final MmditConfig TINY =
            new MmditConfig(4, 2, 4, 2, 16, 2, 12, 10, 4, 4, Set.of(), false);
    private static final VaeConfig VAE =
            new VaeConfig(3, 3, 4, List.of(8, 8, 8, 8), 1, 8, true, false, false, 128, 1, 0);

    private final Scope scope = Scope.open("test");
    private BaseData data;
    private Vae vae;

    @BeforeEach
    void draw() {
        RandomSource random = RandomSource.seeded(scope, 3);
        Tensor latents = random.normal(scope, new long[] {COUNT, 4, 4, 4}, DType.FP16);
        Tensor heldOut = random.normal(scope, new long[] {BaseData.HELD_OUT, 4, 4, 4}, DType.FP32);
        Tensor tokens = random.normal(scope, new long[] {COUNT + 1, 5, 12}, DType.FP16);
        Tensor pooled = random.normal(scope, new long[] {COUNT + 1, 10}, DType.FP16);
        List<Integer> rows =
                IntStream.range(0, COUNT + BaseData.HELD_OUT).mapToObj(i -> 1 + i % COUNT).toList();
        data = new BaseData(latents, new CaptionTable(tokens, pooled, 8, rows), heldOut);
        Map<String, Tensor> weights =
                InitialWeights.draw(
                        scope,
                        VaeKeys.shapes(VAE),
                        1,
                        InitialWeights.KEEPING,
                        name -> name.contains("norm"),
                        name -> false);
        Placement placement = new Placement(Device.CPU, DType.FP32);
        vae = Vae.load(VAE, new TensorMap("drawn weights", weights), placement);
    }

    @AfterEach
    void close() {
        vae.close();
        scope.close();
    }

    private static MmditSettings settings(int shards) {
        return new MmditSettings(
                STEPS,
                8,
                shards,
                new LearningRate(5e-3, 5, STEPS, LearningRate.Shape.CONSTANT),
                0.1,
                0.9,
                7,
                DType.FP32,
                "drawn");
    }

    private MmditPretraining start(int shards) {
        return new MmditPretraining(TINY, settings(shards), Device.CPU, data, vae, null);
    }

    @Test
    void learnsItsLatents() {
        try (MmditPretraining training = start(1)) {
            double first = mean(training, 10);
            while (training.steps() < STEPS - 10) {
                training.step();
            }
            double last = mean(training, 10);
            System.out.println("rectified-flow loss " + first + " to " + last);
            assertTrue(last < 0.8 * first, first + " to " + last);
        }
    }

    private static double mean(MmditPretraining training, int steps) {
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            sum += training.step().get("loss");
        }
        return sum / steps;
    }

    @Test
    void resumesToTheBit(@TempDir Path folder) {
        Path checkpoint = folder.resolve("mmdit.safetensors");
        Map<String, Double> unbroken;
        try (MmditPretraining training = start(2)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
        }
        try (MmditPretraining training = start(2)) {
            training.resume(checkpoint);
            training.step();
            assertEquals(unbroken, training.step());
        }
    }

    @Test
    void shardsGiveTheGradientsOfTheWholeBatch() {
        try (MmditPretraining whole = start(1);
                MmditPretraining sharded = start(2)) {
            whole.step();
            sharded.step();
            double expected = whole.step().get("gradient_norm");
            double norm = sharded.step().get("gradient_norm");
            System.out.println("gradient norms " + expected + " and " + norm);
            assertEquals(expected, norm, 1e-4 * expected);
        }
    }

    @Test
    void anUntrainedNetworkSaysNothing() {
        // Zero velocity against noise minus data: E(n − x)² = 1 + 1 for unit latents.
        try (MmditPretraining training = start(1)) {
            double loss = mean(training, 1);
            assertEquals(2, loss, 0.6);
        }
    }

    @Test
    void startsFromTheWeightsOfAnother() {
        try (MmditPretraining first = start(1)) {
            mean(first, 30);
            double reached = first.validate().get("loss");
            try (MmditPretraining second =
                    new MmditPretraining(
                            TINY, settings(1), Device.CPU, data, vae, first.averagedWeights())) {
                assertEquals(reached, second.validate().get("loss"));
            }
        }
    }

    @Test
    void drawsAndMeasures(@TempDir Path folder) {
        MmditConfig wide = new MmditConfig(16, 2, 4, 1, 16, 2, 12, 10, 4, 8, Set.of(), false);
        Tensor latents =
                RandomSource.seeded(scope, 4)
                        .normal(scope, new long[] {COUNT, 4, 16, 16}, DType.FP16);
        Tensor heldOut =
                RandomSource.seeded(scope, 5)
                        .normal(scope, new long[] {BaseData.HELD_OUT, 4, 16, 16}, DType.FP32);
        BaseData large = new BaseData(latents, data.captions(), heldOut);
        MmditSettings settings =
                new MmditSettings(
                        2,
                        4,
                        1,
                        new LearningRate(1e-3, 0, 2, LearningRate.Shape.CONSTANT),
                        0,
                        0.9,
                        7,
                        DType.FP32,
                        "drawn");
        try (MmditPretraining training =
                new MmditPretraining(wide, settings, Device.CPU, large, vae, null)) {
            training.step();
            Map<String, Double> once = training.validate();
            assertEquals(once, training.validate());
            Path sheet = folder.resolve("sheet.png");
            training.drawSamples(sheet);
            assertTrue(Files.exists(sheet));
        }
    }
}
