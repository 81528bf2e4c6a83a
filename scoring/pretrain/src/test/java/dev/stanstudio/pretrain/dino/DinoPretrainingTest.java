package dev.stanstudio.pretrain.dino;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DinoPretrainingTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final int SIDE = 32;
    private static final DinoShape TINY =
            new DinoShape(DinoShape.vision(24, 2, 2, SIDE, 8), 32, 16, 32);

    @TempDir private Path folder;

    /**
     * Stripes, checks or dots in one of many colours, of which red, green or blue is strongest:
     * that is the style. The views keep colours, so this is what can be learned from them.
     */
    private static StyledPicture item(int index) {
        SplittableRandom random = new SplittableRandom(index);
        int kind = index % 3;
        int pattern = random.nextInt(3);
        byte[] samples = new byte[SIDE * SIDE * 3];
        int[] inks = random.ints(6, 0, 140).toArray();
        inks[kind] = random.nextInt(150, 256);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            int cell =
                    switch (pattern) {
                        case 0 -> y / 4 % 2;
                        case 1 -> (x / 4 + y / 4) % 2;
                        default -> x % 8 < 3 && y % 8 < 3 ? 1 : 0;
                    };
            for (int c = 0; c < 3; c++) {
                samples[3 * i + c] = (byte) inks[3 * cell + c];
            }
        }
        return new StyledPicture(Picture.of(SIDE, SIDE, PixelMode.RGB, samples), "colour " + kind);
    }

    private static List<StyledPicture> items(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(DinoPretrainingTest::item).toList();
    }

    private static DinoPretraining start(DType dtype, int shards) {
        DinoSettings settings =
                new DinoSettings(
                        100,
                        16,
                        90,
                        0,
                        24,
                        16,
                        2,
                        new LearningRate(3e-3, 5, 100, LearningRate.Shape.COSINE),
                        0.95,
                        7,
                        shards,
                        dtype);
        return new DinoPretraining(
                TINY,
                settings,
                Device.CPU,
                DinoPretrainingTest::item,
                items(1000, 60),
                items(2000, 60));
    }

    @Test
    void learnsWithoutLabelsAndDoesNotCollapse() {
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            try (DinoPretraining training = start(dtype, 2)) {
                double untrained = training.validate().get("style_accuracy");
                double first = training.step().get("loss");
                Map<String, Double> last = Map.of();
                while (training.steps() < training.plannedSteps()) {
                    last = training.step();
                }
                double accuracy = training.validate().get("style_accuracy");
                System.out.println(
                        dtype.label()
                                + ": "
                                + first
                                + ", then "
                                + last
                                + ", right "
                                + untrained
                                + ", then "
                                + accuracy);
                assertTrue(last.get("loss") < first, "loss " + first + " to " + last);
                assertTrue(
                        last.get("loss") < 0.75 * Math.log(32), "no better than a guess: " + last);
                assertTrue(last.get("spread") > 0.5 * Math.log(32), "spread " + last);
                assertTrue(accuracy > 0.75, "a third is chance, not " + accuracy);
                training.drawSamples(folder.resolve("sheet.png"));
            }
        }
        assertTrue(Files.exists(folder.resolve("sheet.png")));
    }

    @Test
    void resumesToTheBit() {
        Path checkpoint = folder.resolve("dino.safetensors");
        Map<String, Double> unbroken;
        Map<String, Double> measured;
        try (DinoPretraining training = start(DType.FP32, 1)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
            measured = training.validate();
        }
        try (DinoPretraining training = start(DType.FP32, 1)) {
            training.resume(checkpoint);
            assertEquals(1, training.steps());
            training.step();
            assertEquals(unbroken, training.step());
            assertEquals(measured, training.validate());
        }
        try (DinoPretraining training = start(DType.FP32, 2)) {
            assertThrows(UserException.class, () -> training.resume(checkpoint));
        }
    }

    @Test
    void theExportSeesWhatTheTeacherSees() {
        Path out = folder.resolve("export");
        Picture picture = item(5).picture();
        float[] wanted;
        try (DinoPretraining training = start(DType.FP32, 1)) {
            training.step();
            try (DinoNetwork teacher = training.averaged();
                    Scope scope = Scope.open("teacher")) {
                Tensor pixels = DinoNetwork.pixels(scope, List.of(picture), FP32);
                wanted = teacher.features(scope, pixels).toFloats();
            }
            training.export(out);
        }
        try (VisionModel model = VisionModel.open(out, FP32, PositionRule.TARGET_SIZE)) {
            float[] found = model.embedder().embed(List.of(picture))[0];
            double largest = 0;
            for (float value : wanted) {
                largest = Math.max(largest, Math.abs(value));
            }
            // Half precision keeps 11 bits of a weight.
            assertArrayEquals(wanted, found, (float) (4e-3 * largest));
        }
    }

    /** A view of everything, unchanged, is the picture itself. */
    @Test
    void viewsShowPartsOfThePicture() {
        try (Scope scope = Scope.open("views")) {
            Views views = Views.draw(scope, new SplittableRandom(1), 500, 0.1, 0.4);
            float[] m = views.matrices().toFloats();
            for (int i = 0; i < 500; i++) {
                double width = Math.abs(m[6 * i]);
                double height = m[6 * i + 4];
                assertTrue(Math.abs(m[6 * i + 2]) + width <= 1 + 1e-5, "left and right end");
                assertTrue(Math.abs(m[6 * i + 5]) + height <= 1 + 1e-5, "upper and lower end");
                assertTrue(width * height > 0.09 && width * height < 0.41, "area");
                assertEquals(0, m[6 * i + 1] + m[6 * i + 3], "nothing is turned");
            }
        }
    }
}
