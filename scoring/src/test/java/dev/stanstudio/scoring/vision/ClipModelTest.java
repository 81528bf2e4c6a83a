package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.ScoringGoldens;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small random CLIP model: how its file is dealt out and what is refused. */
class ClipModelTest {
    private static final String TEXT =
            "{\"hidden_size\": 8, \"intermediate_size\": 16, \"num_hidden_layers\": 2,"
                    + " \"num_attention_heads\": 2, \"vocab_size\": 5, \"eos_token_id\": 1,"
                    + " \"max_position_embeddings\": 6}";
    private static final String VISION =
            "{\"hidden_size\": 12, \"intermediate_size\": 16, \"num_hidden_layers\": 2,"
                    + " \"num_attention_heads\": 3, \"image_size\": 8, \"patch_size\": 4}";
    private static final String CONFIG =
            "{\"model_type\": \"clip\", \"projection_dim\": 7, \"text_config\": "
                    + TEXT
                    + ", \"vision_config\": "
                    + VISION
                    + "}";

    @TempDir private Path folder;

    private static Map<String, long[]> shapes() {
        ClipConfig config = ClipConfig.read(RandomModel.config(CONFIG));
        Map<String, long[]> shapes = new LinkedHashMap<>(RandomModel.shapes(config.vision()));
        shapes.putAll(ClipTextEncoder.shapes(config.text()));
        shapes.put("logit_scale", new long[0]);
        return shapes;
    }

    private void write(Map<String, long[]> shapes) {
        RandomModel.write(folder, "config.json", CONFIG);
        RandomModel.write(folder, ImagePreprocessing.FILE, RandomModel.PREPROCESSOR);
        tokens("\"c</w>\": 4");
        Map<String, float[]> values = RandomModel.values(shapes, 11);
        values.put("logit_scale", new float[] {2});
        RandomModel.writeWeights(folder, "", shapes, values);
    }

    private void tokens(String last) {
        RandomModel.write(
                folder,
                "vocab.json",
                "{\"<|startoftext|>\": 0, \"<|endoftext|>\": 1, \"a</w>\": 2, \"b</w>\": 3, "
                        + last
                        + "}");
        RandomModel.write(folder, "merges.txt", "#version: 0.2\n");
    }

    private ClipModel open() {
        return ClipModel.open(folder, ScoringGoldens.FP32);
    }

    @Test
    void textsAreCutAndPaddedAroundTheirEnd() {
        write(shapes());
        try (ClipModel model = open()) {
            long[][] expected = {{0, 2, 3, 1, 1, 1}, {0, 2, 2, 2, 2, 1}, {0, 1, 1, 1, 1, 1}};
            assertArrayEquals(expected, model.ids(List.of("A b", "a a a a a a a", "")));
        }
    }

    /** The end token of a causal tower cannot see what follows it. */
    @Test
    void paddingDoesNotCount() {
        write(shapes());
        try (ClipModel model = open();
                Scope scope = Scope.open("test")) {
            Tensor padded = model.textFeatures(scope, new long[][] {{0, 2, 3, 1, 1, 1}});
            Tensor other = model.textFeatures(scope, new long[][] {{0, 2, 3, 1, 4, 2}});
            Tensor shorter = model.textFeatures(scope, new long[][] {{0, 2, 3, 1}});
            assertArrayEquals(padded.toFloats(), other.toFloats(), 1e-6f);
            assertArrayEquals(padded.toFloats(), shorter.toFloats(), 1e-6f);
            assertArrayEquals(new long[] {1, 7}, padded.shape());
        }
    }

    @Test
    void textsAndPicturesMeetInOneSpace() {
        write(shapes());
        try (ClipModel model = open();
                Scope scope = Scope.open("test")) {
            Tensor pixels = Tensors.of(scope, new float[3 * 64], 1, 3, 8, 8);
            assertEquals(7, model.vision().features(scope, pixels).size(1));
            assertEquals(7, model.images().dimensions());
            assertEquals(7, model.embed(List.of("a"))[0].length);
            assertEquals(0, model.embed(List.of()).length);
            assertEquals(Math.exp(2), model.logitScale(), 1e-12);
        }
    }

    @Test
    void aBatchOfTextsGivesWhatTheyGiveAlone() {
        write(shapes());
        List<String> texts = List.of("a", "b a", "c c c", "");
        try (ClipModel model = open()) {
            float[][] together = model.embed(texts);
            for (int i = 0; i < together.length; i++) {
                assertArrayEquals(
                        model.embed(List.of(texts.get(i)))[0], together[i], 2e-6f, texts.get(i));
            }
        }
    }

    @Test
    void oldSectionsCountAlone() {
        String old =
                "{\"projection_dim\": 7, \"vision_config\": {\"hidden_size\": 13, \"patch_size\":"
                        + " 2}, \"vision_config_dict\": "
                        + VISION
                        + ", \"text_config_dict\": "
                        + TEXT
                        + "}";
        assertEquals(
                ClipConfig.read(RandomModel.config(CONFIG)),
                ClipConfig.read(RandomModel.config(old)));
    }

    @Test
    void strayMissingAndOddTensorsAreNamed() {
        Map<String, long[]> shapes = shapes();
        shapes.put("stray.weight", new long[] {2});
        refused(shapes, "stray.weight");
        shapes = shapes();
        shapes.put("text_model.stray", new long[] {2});
        refused(shapes, "text_model.stray");
        shapes = shapes();
        shapes.remove("visual_projection.weight");
        refused(shapes, "visual_projection.weight");
        shapes = shapes();
        shapes.remove("text_projection.weight");
        refused(shapes, "text_projection.weight");
    }

    private void refused(Map<String, long[]> shapes, String named) {
        write(shapes);
        UserException refusal = assertThrows(UserException.class, this::open);
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }

    @Test
    void aTokenizerOfAnotherModelIsFound() {
        write(shapes());
        tokens("\"c</w>\": 40");
        try (ClipModel model = open()) {
            UserException refusal =
                    assertThrows(UserException.class, () -> model.ids(List.of("a", "c")));
            assertTrue(refusal.getMessage().contains("id 40"), refusal.getMessage());
        }
    }

    @Test
    void anotherKindOfModelIsRefused() {
        write(shapes());
        RandomModel.write(folder, "config.json", "{\"model_type\": \"siglip\"}");
        UserException refusal = assertThrows(UserException.class, this::open);
        assertTrue(refusal.getMessage().contains("siglip"), refusal.getMessage());
    }
}
