package dev.stanstudio.pretrain.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.scoring.vision.FeedForward;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionFamily;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.tokenizer.BpeTrainer;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New words of towers that are there: they are learned, and nothing else changes. */
class NewWordsTest {
    private static final Path NANO = Path.of("..", "..", "sd3-runtime", "models", "sd3-nano");
    private static final Path CLIP_NANO = Path.of("..", "models", "clip-nano");
    private static final int SIDE = 16;
    private static final int LENGTH = 10;
    private static final BpeVocabulary OLD =
            BpeTrainer.train(List.of("a box, in the style of oil", "a hat in oil, a box"), 700);
    private static final BpeVocabulary NEW = OLD.withWords(List.of("neon"));

    @TempDir private Path folder;

    /** Light pictures in oil and dark ones in neon. */
    private static CaptionedPicture item(int index) {
        byte[] samples = new byte[SIDE * SIDE * 3];
        Arrays.fill(samples, (byte) (index % 2 == 0 ? 230 : 20));
        String content = index % 4 < 2 ? "a box" : "a hat";
        String style = index % 2 == 0 ? "oil" : "neon";
        return new CaptionedPicture(
                Picture.of(SIDE, SIDE, PixelMode.RGB, samples),
                content,
                content + ", in the style of " + style);
    }

    private static ClipShape shape(BpeVocabulary vocabulary) {
        VisionConfig vision =
                new VisionConfig(
                        VisionFamily.CLIP,
                        24,
                        48,
                        1,
                        2,
                        SIDE,
                        8,
                        FeedForward.QUICK_GELU,
                        1e-5,
                        true,
                        0,
                        20);
        return new ClipShape(
                vision,
                List.of(
                        text("text_encoder.", "tokenizer", "logit_scale", vocabulary, 12),
                        text("text_encoder_2.", "tokenizer_2", "logit_scale_2", vocabulary, 8)));
    }

    private static ClipShape.Text text(
            String prefix, String tokenizer, String scale, BpeVocabulary vocabulary, int width) {
        int end = vocabulary.end();
        return new ClipShape.Text(
                prefix,
                tokenizer,
                BpeVocabulary.END,
                scale,
                new ClipTextConfig(
                        vocabulary.size(), 16, 32, 2, 2, LENGTH, width, true, 1e-5, end));
    }

    private ClipPretraining training(BpeVocabulary vocabulary, @Nullable ClipStart start) {
        ClipSettings settings =
                new ClipSettings(
                        30,
                        8,
                        16,
                        0,
                        new LearningRate(3e-3, 3, 30, LearningRate.Shape.COSINE),
                        new CaptionShares(1, 0.5),
                        0.9,
                        7,
                        DType.FP32,
                        "");
        return new ClipPretraining(
                shape(vocabulary),
                settings,
                Device.CPU,
                NewWordsTest::item,
                List.of(),
                vocabulary,
                folder.resolve("run"),
                start);
    }

    private static Map<String, byte[]> bytes(Path tower) {
        Map<String, byte[]> bytes = new TreeMap<>();
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("tower")) {
            Weights weights =
                    StoredWeights.of(
                            TensorCollection.open(tower, "model", null),
                            files,
                            UnaryOperator.identity());
            weights.names().forEach(name -> bytes.put(name, weights.open(scope, name).toBytes()));
        }
        return bytes;
    }

    private Path exported(String name, BpeVocabulary vocabulary, @Nullable ClipStart start) {
        Path out = folder.resolve(name);
        try (ClipPretraining training = training(vocabulary, start)) {
            double first = training.step().getOrDefault("loss", 0.0);
            double last = first;
            while (training.steps() < training.plannedSteps()) {
                last = training.step().getOrDefault("loss", 0.0);
            }
            assertTrue(last < first, first + " to " + last);
            training.export(out);
        }
        return out;
    }

    @Test
    void onlyRowsOfNewWordsChange() {
        Path old = exported("old", OLD, null);
        Path grown = exported("grown", NEW, new ClipStart(old, true));
        int row = 16 * DType.FP16.bytes();
        for (String tower : List.of("text_encoder", "text_encoder_2")) {
            Map<String, byte[]> before = bytes(old.resolve(tower));
            Map<String, byte[]> after = bytes(grown.resolve(tower));
            byte[] wanted = before.remove(TokenRows.TABLE);
            byte[] found = after.remove(TokenRows.TABLE);
            assertEquals(before.keySet(), after.keySet());
            before.forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
            int from = OLD.start() * row;
            int to = NEW.start() * row;
            assertArrayEquals(Arrays.copyOf(wanted, from), Arrays.copyOf(found, from));
            assertArrayEquals(
                    Arrays.copyOfRange(wanted, from, wanted.length),
                    Arrays.copyOfRange(found, to, found.length));
            byte[] word = Arrays.copyOfRange(found, to - row, to);
            try (ClipPretraining untrained = training(NEW, new ClipStart(old, true))) {
                Path first = folder.resolve("first");
                untrained.export(first);
                byte[] table = bytes(first.resolve(tower)).get(TokenRows.TABLE);
                assertFalse(Arrays.equals(word, Arrays.copyOfRange(table, to - row, to)));
            }
        }
    }

    @Test
    void trainingOfNewWordsResumesToTheBit() {
        ClipStart start = new ClipStart(exported("old", OLD, null), true);
        Path checkpoint = folder.resolve("words.safetensors");
        Map<String, Double> unbroken;
        try (ClipPretraining training = training(NEW, start)) {
            training.step();
            training.save(checkpoint);
            unbroken = training.step();
        }
        try (ClipPretraining training = training(NEW, start)) {
            training.resume(checkpoint);
            assertEquals(unbroken, training.step());
        }
    }

    /**
     * Captions of the styles that were known keep their ids, but for start and end. A tokenizer
     * cuts a text into words first, so every word of the collection stands for every caption.
     */
    @Test
    void wordsOfKnownCaptionsAreCutAsBefore() {
        BpeVocabulary old = ClipData.vocabulary();
        List<String> unseen = ArtStyle.unseen().stream().map(ArtStyle::words).toList();
        BpeVocabulary grown = old.withWords(unseen);
        Set<String> words = new TreeSet<>();
        for (long seed : new long[] {1, 2, NanoData.HELD_OUT_SEED}) {
            ClipData.captions(seed, 3_000).forEach(c -> words.addAll(List.of(c.split(" ", -1))));
        }
        assertTrue(words.size() > 200, words.size() + " words");
        try (Tokenizer was = tokenizer("before", old);
                Tokenizer is = tokenizer("after", grown)) {
            for (String word : words) {
                int[] wanted = was.encodeUnpadded(word);
                wanted[0] = grown.start();
                wanted[wanted.length - 1] = grown.end();
                assertArrayEquals(wanted, is.encodeUnpadded(word), word);
            }
            for (String style : unseen) {
                int tokens = is.encodeUnpadded(style).length - 2;
                assertEquals(style.split(" ", -1).length, tokens, style);
            }
        }
    }

    /** The towers that come with the program know the words, and every old one's ids are kept. */
    @Test
    void builtInTowersHaveTheWords() {
        List<String> unseen = ArtStyle.unseen().stream().map(ArtStyle::words).toList();
        for (String tokenizer : List.of("tokenizer", "tokenizer_2")) {
            BpeVocabulary own = BpeVocabulary.read(NANO.resolve(tokenizer));
            assertEquals(own, own.withWords(unseen));
            List<BpeVocabulary.Merge> old = BpeVocabulary.read(CLIP_NANO).merges();
            assertEquals(old, own.merges().subList(0, old.size()));
        }
    }

    private Tokenizer tokenizer(String name, BpeVocabulary vocabulary) {
        vocabulary.write(folder.resolve(name), ClipShapes.LENGTH, BpeVocabulary.END);
        return Tokenizer.load(folder.resolve(name));
    }
}
