package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.scoring.ScoringGoldens;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The towers on small random models, against plain arithmetic. */
class VisionTowerTest {
    private static final String SMALL =
            "\"hidden_size\": 12, \"num_hidden_layers\": 2, \"num_attention_heads\": 3,"
                    + " \"intermediate_size\": 20, \"image_size\": 8, \"patch_size\": 4";
    private static final String VIT = "{\"model_type\": \"vit\", " + SMALL + "}";

    @TempDir private Path folder;

    private Map<String, float[]> write(String config, String prefix) {
        VisionConfig shape = config(config);
        Map<String, long[]> shapes = VisionKeys.shapes(shape);
        Map<String, float[]> values = RandomModel.values(shapes, 7);
        RandomModel.write(folder, "config.json", config);
        RandomModel.write(folder, ImagePreprocessing.FILE, RandomModel.PREPROCESSOR);
        RandomModel.writeWeights(folder, prefix, shapes, values);
        return values;
    }

    private static VisionConfig config(String json) {
        return VisionConfig.read(
                VisionFamily.of(RandomModel.config(json)), RandomModel.config(json), 0);
    }

    private VisionModel open() {
        return open(ScoringGoldens.FP32);
    }

    private VisionModel open(Placement placement) {
        return VisionModel.open(folder, placement, PositionRule.TARGET_SIZE);
    }

    private static float[] noise(int count) {
        Random random = new Random(3);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static List<Picture> pictures(int count) {
        Random random = new Random(5);
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] samples = new byte[(9 + i) * 11 * 3];
            random.nextBytes(samples);
            pictures.add(Picture.of(9 + i, 11, PixelMode.RGB, samples));
        }
        return pictures;
    }

    private static double worst(double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        return IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(expected[i] - actual[i]))
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model_type\": \"vit\", ",
                "{\"model_type\": \"vit\", \"qkv_bias\": false, ",
                "{\"model_type\": \"dinov2\", \"mlp_ratio\": 1.5, ",
                "{\"model_type\": \"dinov2\", \"use_swiglu_ffn\": true, ",
                "{\"model_type\": \"dinov2_with_registers\", \"num_register_tokens\": 3, "
            })
    void featuresEqualPlainArithmetic(String start) {
        String json = start + SMALL + "}";
        Map<String, float[]> values = write(json, "");
        float[] pixels = noise(3 * 8 * 8);
        try (VisionModel model = open();
                Scope scope = Scope.open("test")) {
            Tensor input = Tensors.of(scope, pixels, 1, 3, 8, 8);
            double error =
                    worst(
                            new PlainTransformer(config(json), values).features(pixels),
                            model.tower().features(scope, input).toFloats());
            System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", start, error);
            assertTrue(error < 1e-5, start + error);
        }
    }

    @Test
    void clipsTowerEqualsPlainArithmetic() {
        VisionConfig config =
                VisionConfig.read(VisionFamily.CLIP, RandomModel.config("{" + SMALL + "}"), 5);
        Map<String, long[]> shapes = VisionKeys.shapes(config);
        Map<String, float[]> values = RandomModel.values(shapes, 9);
        RandomModel.writeWeights(folder, "", shapes, values);
        float[] pixels = noise(3 * 8 * 8);
        try (TensorFiles files = new TensorFiles();
                VisionTower tower =
                        VisionTower.load(
                                "clip",
                                "",
                                config,
                                StoredWeights.of(
                                        TensorCollection.open(folder, "model", null),
                                        files,
                                        name -> name),
                                ScoringGoldens.FP32,
                                PositionRule.TARGET_SIZE);
                Scope scope = Scope.open("test")) {
            Tensor input = Tensors.of(scope, pixels, 1, 3, 8, 8);
            double error =
                    worst(
                            new PlainTransformer(config, values).features(pixels),
                            tower.features(scope, input).toFloats());
            System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", "clip", error);
            assertTrue(error < 1e-5, "differs by " + error);
        }
    }

    @Test
    void aClassifiersFileIsReadPastItsHead() {
        write(VIT, "");
        try (VisionModel bare = open()) {
            float[][] expected = bare.embedder().embed(pictures(1));
            write(VIT, "vit.");
            try (VisionModel model = open()) {
                // Weights at other addresses are added up in another order.
                assertArrayEquals(expected[0], model.embedder().embed(pictures(1))[0], 1e-6f);
                assertNotEquals(bare.tower().id().fingerprint(), model.tower().id().fingerprint());
            }
        }
    }

    @Test
    void aBatchGivesWhatItsPicturesGiveAlone() {
        write(VIT, "");
        try (VisionModel model = open()) {
            List<Picture> pictures = pictures(5);
            float[][] together = model.embedder().embed(pictures);
            double worst = 0;
            for (int i = 0; i < pictures.size(); i++) {
                float[] alone = model.embedder().embed(List.of(pictures.get(i)))[0];
                for (int k = 0; k < alone.length; k++) {
                    worst = Math.max(worst, Math.abs(alone[k] - together[i][k]));
                }
            }
            System.out.printf(Locale.ROOT, "batch against single: worst error %.1e%n", worst);
            assertTrue(worst < 2e-6, "differs by " + worst);
            assertEquals(0, model.embedder().embed(List.of()).length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model_type\": \"vit\", \"intermediate_size\": 4096, ",
                "{\"model_type\": \"dinov2\", \"mlp_ratio\": 256, "
            })
    void aBatchTooLargeForOneProductGivesWhatItsHalvesGive(String start) {
        String shape = "\"hidden_size\": 16, \"num_hidden_layers\": 2, \"num_attention_heads\": 2,";
        write(start + shape + " \"image_size\": 8, \"patch_size\": 4}", "");
        // 5 tokens a picture: 10 M numbers between the MLP's products, 5 M in a half.
        int half = 250;
        int pixels = half * 3 * 8 * 8;
        float[] numbers = noise(2 * pixels);
        try (VisionModel model = open();
                Scope scope = Scope.open("test")) {
            Tensor all = Tensors.of(scope, numbers, 2L * half, 3, 8, 8);
            float[] together = model.tower().features(scope, all).toFloats();
            double worst = 0;
            double largest = 0;
            for (int part = 0; part < 2; part++) {
                float[] some = Arrays.copyOfRange(numbers, part * pixels, (part + 1) * pixels);
                Tensor input = Tensors.of(scope, some, half, 3, 8, 8);
                float[] alone = model.tower().features(scope, input).toFloats();
                for (int k = 0; k < alone.length; k++) {
                    double error = Math.abs(alone[k] - together[part * alone.length + k]);
                    worst = Math.max(worst, error);
                    largest = Math.max(largest, Math.abs(alone[k]));
                }
            }
            // Products of other sizes add in another order, on each processor in its own.
            double relative = worst / largest;
            System.out.printf(Locale.ROOT, "%-60s worst error %.1e%n", start, relative);
            assertTrue(relative < 2e-6, start + relative);
        }
    }

    @Test
    void threadsShareATower() throws InterruptedException, ExecutionException {
        write(VIT, "");
        List<Picture> pictures = pictures(3);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (VisionModel model = open()) {
            List<Future<float[][]>> results =
                    IntStream.range(0, 12)
                            .mapToObj(i -> pool.submit(() -> model.embedder().embed(pictures)))
                            .toList();
            float[][] expected = model.embedder().embed(pictures);
            for (Future<float[][]> result : results) {
                assertArrayEquals(expected, result.get());
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void halfPrecisionStaysClose() {
        write(VIT, "");
        try (VisionModel full = open();
                VisionModel half = open(new Placement(Device.CPU, DType.BF16));
                Scope scope = Scope.open("test")) {
            Tensor pixels = Tensors.of(scope, noise(3 * 12 * 8), 1, 3, 12, 8);
            Tensor expected = full.tower().features(scope, pixels);
            Tensor ours = half.tower().features(scope, pixels);
            assertEquals(DType.FP32, ours.dtype());
            Goldens.compare("bf16 against fp32", ours, expected, 0.1);
            assertTrue(Goldens.difference(ours, expected) > 0);
        }
    }

    @Test
    void theIdentityNamesAllThatCounts() {
        write(VIT, "");
        try (VisionModel model = open()) {
            ImageEmbedder embedder = model.embedder();
            assertEquals(
                    "vit width=12 mlp=20 layers=2 heads=3 image=8 patch=4 gelu eps=1.0E-12"
                            + " qkv-bias=true registers=0 projection=0 positions=target-size",
                    embedder.id().tower().network());
            assertEquals("fp32", embedder.id().tower().precision());
            assertEquals(folder.getFileName().toString(), embedder.id().tower().name());
            assertEquals(model.preprocessing().identity(), embedder.id().preprocessing());
            assertEquals(12, embedder.dimensions());
        }
    }

    @Test
    void brokenWeightsAreToldFromFeatures() {
        Map<String, float[]> values = write(VIT, "");
        values.get("layernorm.bias")[3] = Float.NaN;
        RandomModel.writeWeights(folder, "", VisionKeys.shapes(config(VIT)), values);
        try (VisionModel model = open()) {
            ImageEmbedder embedder = model.embedder();
            UserException refusal =
                    assertThrows(UserException.class, () -> embedder.embed(pictures(1)));
            assertTrue(refusal.getMessage().contains("no finite numbers in fp32"));
        }
    }

    @Test
    void pixelsOfAnotherShapeAreRefused() {
        write(VIT, "");
        try (VisionModel model = open();
                Scope scope = Scope.open("test")) {
            Tensor grey = Tensors.of(scope, noise(64), 1, 1, 8, 8);
            assertThrows(IllegalArgumentException.class, () -> model.tower().features(scope, grey));
            Tensor small = Tensors.of(scope, noise(3 * 8 * 3), 1, 3, 8, 3);
            assertThrows(
                    IllegalArgumentException.class, () -> model.tower().features(scope, small));
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        write(VIT, "");
        refused(
                "{\"model_type\": \"vit\", " + SMALL.replace("20", "24") + "}",
                "intermediate.dense");
        refused("{\"model_type\": \"dinov2\", " + SMALL + "}", "layer_scale1.lambda1");
        refused("{\"model_type\": \"vit\", \"qkv_bias\": false, " + SMALL + "}", "query.bias");
        refused("{\"model_type\": \"swin\"}", "swin");
        refused("{\"model_type\": \"clip\"}", "clip");
        refused("{\"model_type\": \"vit\", \"hidden_act\": \"relu\"}", "relu");
        refused("{\"model_type\": \"vit\", \"num_channels\": 1}", "num_channels");
        refused("{\"model_type\": \"vit\", \"num_attention_heads\": 7}", "768");
        refused("{\"model_type\": \"vit\", \"image_size\": 8}", "patch_size 16");
        refused("{\"model_type\": \"vit\", \"layer_norm_eps\": -1}", "layer_norm_eps");
        refused("{\"model_type\": \"dinov2\", \"mlp_ratio\": 0}", "mlp_ratio");
    }

    private void refused(String config, String named) {
        RandomModel.write(folder, "config.json", config);
        UserException refusal = assertThrows(UserException.class, this::open);
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }
}
