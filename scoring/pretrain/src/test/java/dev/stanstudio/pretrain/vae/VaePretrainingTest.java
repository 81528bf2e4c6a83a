package dev.stanstudio.pretrain.vae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.training.LearningRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaePretrainingTest {
    private static final VaeConfig TINY =
            new VaeConfig(3, 3, 4, List.of(8, 16), 1, 8, true, false, false, 32, 1, 0);

    /** Pictures of one colour, different for each number. */
    private static Picture colour(long index) {
        SplittableRandom random = new SplittableRandom(index);
        byte[] samples = new byte[24 * 24 * 3];
        byte[] rgb = {(byte) random.nextInt(256), (byte) random.nextInt(256), (byte) 90};
        for (int i = 0; i < samples.length; i++) {
            samples[i] = rgb[i % 3];
        }
        return Picture.of(24, 24, PixelMode.RGB, samples);
    }

    private static VaePretraining start(DType dtype, int shards) {
        return start(dtype, shards, null);
    }

    private static VaePretraining start(DType dtype, int shards, @Nullable VaeStart from) {
        VaeSettings settings =
                new VaeSettings(
                        40,
                        4,
                        shards,
                        16,
                        50,
                        new LearningRate(3e-3, 5, 40, LearningRate.Shape.COSINE),
                        1,
                        1,
                        1e-4,
                        0.99,
                        7,
                        dtype,
                        "noise");
        return new VaePretraining(
                TINY,
                settings,
                Device.CPU,
                VaePretrainingTest::colour,
                List.of(colour(1000)),
                from);
    }

    @Test
    void learnsColours() {
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            try (VaePretraining training = start(dtype, 1)) {
                double first = training.step().get("square");
                double last = first;
                while (training.steps() < training.plannedSteps()) {
                    last = training.step().get("square");
                }
                System.out.println(dtype.label() + ": squared error " + first + " to " + last);
                assertTrue(last < 0.75 * first, first + " to " + last);
            }
        }
    }

    @Test
    void resumesToTheBit(@TempDir Path folder) {
        Path checkpoint = folder.resolve("vae.safetensors");
        Map<String, Double> unbroken;
        Map<String, Double> measured;
        try (VaePretraining training = start(DType.FP32, 2)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
            measured = training.validate();
        }
        try (VaePretraining training = start(DType.FP32, 2)) {
            training.resume(checkpoint);
            assertEquals(1, training.steps());
            training.step();
            assertEquals(unbroken, training.step());
            assertEquals(measured, training.validate());
        }
    }

    @Test
    void shardsGiveTheGradientsOfTheWholeBatch() {
        try (VaePretraining whole = start(DType.FP32, 1);
                VaePretraining sharded = start(DType.FP32, 2)) {
            double expected = whole.step().get("gradient_norm");
            double norm = sharded.step().get("gradient_norm");
            System.out.println("gradient norms " + expected + " and " + norm);
            assertEquals(expected, norm, 1e-5 * expected);
        }
    }

    @Test
    void goesOnFromAnExport(@TempDir Path folder) {
        double psnr;
        try (VaePretraining training = start(DType.FP32, 1)) {
            training.step();
            training.export(folder, List.of(colour(1)));
            psnr = training.validate().getOrDefault("psnr", 0.0);
        }
        try (VaePretraining training = start(DType.FP32, 1, new VaeStart(folder, false))) {
            assertEquals(0, training.steps());
            assertEquals(psnr, training.validate().getOrDefault("psnr", 0.0), 0.01);
        }
        UserException missing =
                assertThrows(
                        UserException.class,
                        () ->
                                start(DType.FP32, 1, new VaeStart(folder.resolve("nowhere"), false))
                                        .close());
        assertTrue(missing.getMessage().contains("nowhere has no vae/"), missing.getMessage());
    }

    @Test
    void decoderAloneIsTrainedAndLatentsStay(@TempDir Path folder) throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        try (VaePretraining training = start(DType.FP32, 1)) {
            training.step();
            training.export(first, List.of(colour(1)));
        }
        VaeStart from = new VaeStart(first, true);
        try (VaePretraining training = start(DType.FP32, 1, from)) {
            double before = training.step().get("square");
            double after = before;
            while (training.steps() < training.plannedSteps()) {
                after = training.step().get("square");
            }
            assertTrue(after < before, before + " to " + after);
            training.export(second, List.of(colour(2)));
        }
        assertEquals(
                Files.readString(first.resolve("vae/config.json")),
                Files.readString(second.resolve("vae/config.json")));
        Map<String, byte[]> old = tensors(first);
        tensors(second)
                .forEach(
                        (name, bytes) ->
                                assertEquals(
                                        name.startsWith("encoder."),
                                        Arrays.equals(old.get(name), bytes),
                                        name));
    }

    private static Map<String, byte[]> tensors(Path folder) {
        Map<String, byte[]> bytes = new TreeMap<>();
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("tensors")) {
            Weights weights = NanoFolder.vaeWeights(folder, files);
            for (String name : weights.names()) {
                bytes.put(name, weights.open(scope, name).toBytes());
            }
        }
        return bytes;
    }
}
