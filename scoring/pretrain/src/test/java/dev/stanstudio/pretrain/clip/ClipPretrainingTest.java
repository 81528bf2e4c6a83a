package dev.stanstudio.pretrain.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.scoring.vision.CsdModel;
import dev.stanstudio.scoring.vision.FeedForward;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionFamily;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.tokenizer.BpeTrainer;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipPretrainingTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final int SIDE = 32;
    private static final int LENGTH = 10;
    private static final List<String> COLOURS = List.of("red", "green", "blue", "white", "black");
    private static final int[][] VALUES = {
        {220, 30, 30}, {30, 200, 40}, {40, 50, 220}, {240, 240, 240}, {15, 15, 15}
    };
    private static final BpeVocabulary VOCABULARY =
            BpeTrainer.train(IntStream.range(0, 25).mapToObj(i -> item(i).caption()).toList(), 600);

    @TempDir private Path folder;

    /** The left half of one colour, the right half of another; "in oil" every third time. */
    private static CaptionedPicture item(int index) {
        int left = index % COLOURS.size();
        int right = index / COLOURS.size() % COLOURS.size();
        byte[] samples = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < samples.length; i++) {
            boolean first = i / 3 % SIDE < SIDE / 2;
            samples[i] = (byte) VALUES[first ? left : right][i % 3];
        }
        String content =
                COLOURS.get(Math.min(left, right)) + " and " + COLOURS.get(Math.max(left, right));
        String style = index % 3 == 0 ? ", in oil" : "";
        Picture picture = Picture.of(SIDE, SIDE, PixelMode.RGB, samples);
        return new CaptionedPicture(picture, content, content + style);
    }

    private static ClipTextConfig text(boolean quickGelu, int projection) {
        return new ClipTextConfig(
                VOCABULARY.size(),
                16,
                32,
                2,
                2,
                LENGTH,
                projection,
                quickGelu,
                1e-5,
                VOCABULARY.end());
    }

    private static VisionConfig vision(int projection) {
        return new VisionConfig(
                VisionFamily.CLIP,
                24,
                48,
                2,
                2,
                SIDE,
                8,
                FeedForward.QUICK_GELU,
                1e-5,
                true,
                0,
                projection);
    }

    private static ClipShape one() {
        return new ClipShape(
                vision(12),
                List.of(
                        new ClipShape.Text(
                                "",
                                "tokenizer",
                                BpeVocabulary.END,
                                "logit_scale",
                                text(true, 12))));
    }

    private static ClipShape two() {
        return new ClipShape(
                vision(20),
                List.of(
                        new ClipShape.Text(
                                "text_encoder.",
                                "tokenizer",
                                BpeVocabulary.END,
                                "logit_scale",
                                text(true, 12)),
                        new ClipShape.Text(
                                "text_encoder_2.",
                                "tokenizer_2",
                                BpeVocabulary.EXCLAMATION,
                                "logit_scale_2",
                                text(false, 8))));
    }

    private ClipPretraining start(ClipShape shape, DType dtype) {
        return start(shape, dtype, VOCABULARY, null);
    }

    private ClipPretraining start(
            ClipShape shape, DType dtype, BpeVocabulary vocabulary, @Nullable ClipStart from) {
        ClipSettings settings =
                new ClipSettings(
                        60,
                        16,
                        25,
                        0,
                        new LearningRate(3e-3, 5, 60, LearningRate.Shape.COSINE),
                        new CaptionShares(0.8, 0),
                        0.9,
                        7,
                        dtype,
                        "");
        List<CaptionedPicture> heldOut =
                IntStream.range(0, 20).mapToObj(ClipPretrainingTest::item).toList();
        return new ClipPretraining(
                shape,
                settings,
                Device.CPU,
                ClipPretrainingTest::item,
                heldOut,
                vocabulary,
                folder,
                from);
    }

    @Test
    void learnsWhatIsWhere() {
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            try (ClipPretraining training = start(two(), dtype)) {
                double before = training.validate().get("picture_to_text");
                double first = training.step().get("loss");
                double last = first;
                while (training.steps() < training.plannedSteps()) {
                    last = training.step().get("loss");
                }
                Map<String, Double> after = training.validate();
                System.out.println(
                        dtype.label()
                                + ": "
                                + first
                                + " to "
                                + last
                                + ", "
                                + before
                                + ", "
                                + after);
                assertTrue(last < 0.7 * first, first + " to " + last);
                assertEquals(4, after.size());
                after.forEach((name, share) -> assertTrue(share > 0.3, name + " " + share));
                training.drawSamples(folder.resolve("sheet.png"));
            }
        }
        assertTrue(Files.exists(folder.resolve("sheet.png")));
    }

    @Test
    void resumesToTheBit() {
        Path checkpoint = folder.resolve("clip.safetensors");
        Map<String, Double> unbroken;
        Map<String, Double> measured;
        try (ClipPretraining training = start(two(), DType.FP32)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
            measured = training.validate();
        }
        try (ClipPretraining training = start(two(), DType.FP32)) {
            training.resume(checkpoint);
            assertEquals(1, training.steps());
            training.step();
            assertEquals(unbroken, training.step());
            assertEquals(measured, training.validate());
        }
        try (ClipPretraining training = start(two(), DType.BF16)) {
            assertThrows(UserException.class, () -> training.resume(checkpoint));
        }
    }

    @Test
    void recordingChangesNoFeature() {
        try (ClipPretraining training = start(one(), DType.FP32)) {
            float[][] plain = features(training);
            try (Autograd recording = Autograd.record()) {
                float[][] recorded = features(training);
                assertArrayEquals(plain[0], recorded[0], 2e-6f);
                assertArrayEquals(plain[1], recorded[1], 2e-6f);
            }
        }
    }

    /** Features of the first picture and of its caption, by the averages. */
    private float[][] features(ClipPretraining training) {
        try (ClipTowers towers = training.averaged();
                Scope scope = Scope.open("features")) {
            Tensor bytes = PairBatches.bytes(scope, List.of(item(0).picture()));
            float[] image = towers.images(scope, bytes).get(0).toFloats();
            return new float[][] {image, towers.texts(scope, 0, ids(item(0).caption())).toFloats()};
        }
    }

    private long[][] ids(String caption) {
        Path own = folder.resolve("tokens");
        VOCABULARY.write(own, LENGTH, BpeVocabulary.END);
        try (Tokenizer tokenizer = Tokenizer.load(own)) {
            int[] ids = tokenizer.encode(caption, LENGTH).ids();
            return new long[][] {Arrays.stream(ids).asLongStream().toArray()};
        }
    }

    @Test
    void theExportGivesTheFeaturesOfTheAverages() {
        Path out = folder.resolve("export");
        float[][] wanted;
        try (ClipPretraining training = start(one(), DType.FP32)) {
            training.step();
            training.step();
            wanted = features(training);
            training.export(out);
        }
        try (ClipModel model = ClipModel.open(out, FP32);
                Scope scope = Scope.open("pixels")) {
            Tensor pixels = ImagePreprocessing.read(out).pixels(scope, List.of(item(0).picture()));
            assertClose(wanted[0], model.vision().features(scope, pixels).toFloats());
            assertClose(wanted[1], model.embed(List.of(item(0).caption()))[0]);
            assertEquals(1 / 0.07, model.logitScale(), 0.2);
        }
    }

    @Test
    void styleTowerIsOpenedAsCsd() {
        Path out = folder.resolve("csd");
        float[][] wanted;
        try (ClipPretraining training = start(one(), DType.FP32)) {
            training.step();
            wanted = features(training);
            training.exportStyle(out);
        }
        try (CsdModel model = CsdModel.open(out, FP32);
                Scope scope = Scope.open("pixels")) {
            Tensor pixels = model.preprocessing().pixels(scope, List.of(item(0).picture()));
            assertClose(wanted[0], model.tower().features(scope, pixels).toFloats());
        }
    }

    @Test
    void captionsSayWhatTheirSharesAsk() {
        CaptionShares shares = new CaptionShares(0.8, 0.2);
        CaptionedPicture oil = item(3);
        assertEquals("in oil", shares.pick(oil, 0.19));
        assertEquals(oil.caption(), shares.pick(oil, 0.2));
        assertEquals(oil.content(), shares.pick(oil, 0.8));
        assertEquals(item(1).content(), shares.pick(item(1), 0));
    }

    /** Half precision keeps 11 bits of a weight. */
    private static void assertClose(float[] wanted, float[] found) {
        double largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(wanted, found, (float) (4e-3 * largest));
    }

    @Test
    void towersAreWrittenAsAPipelineHasThem() {
        Path out = folder.resolve("export");
        try (ClipPretraining training = start(two(), DType.FP32)) {
            training.step();
            training.export(out);
        }
        int[] projections = {12, 8};
        int[] padding = {VOCABULARY.end(), 0};
        for (int i = 0; i < 2; i++) {
            String suffix = i == 0 ? "" : "_2";
            Path tower = out.resolve("text_encoder" + suffix);
            ConfigReader json = ConfigReader.of(tower.resolve("config.json"));
            assertEquals(text(i == 0, projections[i]), ClipTextConfig.read(json));
            assertEquals(padding[i], json.integer("pad_token_id", -1, 0));
            assertEquals(VOCABULARY.start(), json.integer("bos_token_id", -1, 0));
            try (Tokenizer tokenizer = Tokenizer.load(out.resolve("tokenizer" + suffix))) {
                int[] ids = tokenizer.encode("red", LENGTH).ids();
                assertEquals(padding[i], ids[LENGTH - 1]);
                assertEquals(LENGTH, tokenizer.modelMaxLength().orElseThrow());
                assertEquals(projections[i], width(tower, ids));
            }
        }
    }

    /** Width of the pooled text that the written tower gives. */
    private static long width(Path tower, int[] ids) {
        ConfigReader json = ConfigReader.of(tower.resolve("config.json"));
        Map<String, StoredWeights.Part> parts = new LinkedHashMap<>();
        TensorCollection.open(tower, "model", null)
                .tensors()
                .forEach((name, stored) -> parts.put(name, StoredWeights.Part.whole(stored)));
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("tower");
                ClipTextEncoder encoder =
                        ClipTextEncoder.load(
                                "tower",
                                ClipTextConfig.read(json),
                                new StoredWeights("tower", files, parts),
                                FP32,
                                false)) {
            long[][] rows = {Arrays.stream(ids).asLongStream().toArray()};
            return encoder.encode(scope, rows, 0, () -> {}).pooled().size(1);
        }
    }

    @Test
    void equalCaptionsShareTheTarget() {
        try (Scope scope = Scope.open("pairs")) {
            Tensor none = PairBatches.bytes(scope, List.of(item(0).picture()));
            var pairs = new PairBatches.Pairs(none, List.of("a", "b", "a"));
            assertArrayEquals(
                    new float[] {0.5f, 0, 0.5f, 0, 1, 0, 0.5f, 0, 0.5f},
                    pairs.wanted(scope).toFloats());
        }
    }

    @Test
    void sizesThatCannotWorkAreRefused() {
        LearningRate rate = new LearningRate(1e-3, 1, 2, LearningRate.Shape.COSINE);
        CaptionShares shares = new CaptionShares(0.8, 0.2);
        assertThrows(
                ArgumentException.class,
                () -> new ClipSettings(1, 1, 1, 0, rate, shares, 0.9, 0, DType.FP32, ""));
        assertThrows(ArgumentException.class, () -> new CaptionShares(1.5, 0));
        assertThrows(ArgumentException.class, () -> new CaptionShares(0.5, 0.6));
        assertThrows(IllegalArgumentException.class, () -> new ClipShape(vision(3), one().texts()));
    }

    @Test
    void theBuiltInShapesFitTheirCaptions() {
        List<String> captions = ClipData.captions(ClipData.CLIP_SEED, 400);
        BpeVocabulary vocabulary = BpeTrainer.train(captions, 2000);
        assertTrue(vocabulary.size() < 2000, "every word is one token");
        assertEquals(2, ClipShapes.towers(vocabulary).texts().size());
        assertEquals(128, ClipShapes.clip(vocabulary).vision().projection());
        vocabulary.write(folder, ClipShapes.LENGTH, BpeVocabulary.END);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            long tooLong =
                    captions.stream()
                            .filter(c -> tokenizer.encodeUnpadded(c).length > ClipShapes.LENGTH)
                            .count();
            assertTrue(tooLong <= 1, tooLong + " captions are too long");
        }
    }
}
