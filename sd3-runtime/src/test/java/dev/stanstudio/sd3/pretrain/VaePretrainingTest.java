package dev.stanstudio.sd3.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
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

    private static VaePretraining start(DType dtype) {
        VaeSettings settings =
                new VaeSettings(
                        40,
                        4,
                        16,
                        50,
                        new LearningRate(3e-3, 5, 40, LearningRate.Shape.COSINE),
                        1e-4,
                        0.99,
                        7,
                        dtype);
        return new VaePretraining(TINY, settings, Device.CPU, VaePretrainingTest::colour);
    }

    @Test
    void learnsColours() {
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            try (VaePretraining training = start(dtype)) {
                double first = training.step().square();
                double last = first;
                while (!training.isDone()) {
                    last = training.step().square();
                }
                System.out.println(dtype.label() + ": squared error " + first + " to " + last);
                assertTrue(last < 0.75 * first, first + " to " + last);
            }
        }
    }

    @Test
    void resumesToTheBit(@TempDir Path folder) {
        Path checkpoint = folder.resolve("vae.safetensors");
        VaePretraining.StepReport unbroken;
        try (VaePretraining training = start(DType.FP32)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
        }
        try (VaePretraining training = start(DType.FP32)) {
            training.resume(checkpoint);
            assertEquals(1, training.steps());
            training.step();
            assertEquals(unbroken, training.step());
        }
    }
}
