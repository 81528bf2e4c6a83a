package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.scoring.ScoringGoldens;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, and pictures with texts, against the reference's outputs on the same weights. */
class ClipGoldensTest {
    private static List<String> prompts() {
        List<String> prompts = new ArrayList<>();
        Goldens.json("scoring/prompts.json").forEach(text -> prompts.add(text.asText()));
        return prompts;
    }

    private static ClipModel open(String folder) {
        return ClipModel.open(ScoringGoldens.model(folder), ScoringGoldens.FP32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-clip", "tiny-clip-legacy"})
    void texts(String folder) {
        try (ClipModel model = open(folder);
                Goldens.File golden = ScoringGoldens.tensors("clip");
                Scope scope = Scope.open("test")) {
            assertArrayEquals(golden.ids("input_ids"), model.ids(prompts()));
            float[][] texts = model.embed(prompts());
            ScoringGoldens.check("clip", "text_features", ScoringGoldens.rows(scope, texts));
            ScoringGoldens.check(
                    "clip", "text_embeds", ScoringGoldens.rows(scope, Vectors.units(texts)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-clip", "tiny-clip-legacy"})
    void ids(String folder) {
        try (Tokenizer tokenizer = Tokenizer.load(ScoringGoldens.model(folder))) {
            JsonNode strings = Goldens.json("scoring/tokens.json").path("strings");
            for (JsonNode row : strings) {
                int[] expected = new int[row.path("hf").size()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = row.path("hf").get(i).asInt();
                }
                String text = row.path("text").asText();
                assertArrayEquals(expected, tokenizer.encodeUnpadded(text), text);
            }
            assertEquals(47, strings.size());
        }
    }

    @Test
    void picturesWithTexts() {
        try (ClipModel model = open("tiny-clip");
                Scope scope = Scope.open("test")) {
            float[][] raw = model.images().embed(ScoringGoldens.pictures());
            ScoringGoldens.check("clip", "image_features", ScoringGoldens.rows(scope, raw));
            float[][] images = Vectors.units(raw);
            ScoringGoldens.check("clip", "image_embeds", ScoringGoldens.rows(scope, images));
            float[][] cosines = cosines(images, Vectors.units(model.embed(prompts())));
            ScoringGoldens.check("clip", "similarity", ScoringGoldens.rows(scope, cosines));
            for (float[] row : cosines) {
                for (int i = 0; i < row.length; i++) {
                    row[i] *= (float) model.logitScale();
                }
            }
            ScoringGoldens.check("clip", "logits_per_image", ScoringGoldens.rows(scope, cosines));
        }
    }

    private static float[][] cosines(float[][] images, float[][] texts) {
        float[][] cosines = new float[images.length][texts.length];
        for (int i = 0; i < images.length; i++) {
            for (int j = 0; j < texts.length; j++) {
                double sum = 0;
                for (int k = 0; k < images[i].length; k++) {
                    sum += (double) images[i][k] * texts[j][k];
                }
                cosines[i][j] = (float) sum;
            }
        }
        return cosines;
    }

    @Test
    void aSparseConfigMeansTheSameModel(@TempDir Path copy) {
        Path sparse = ScoringGoldens.withConfig(copy, "tiny-clip", "config.sparse.json");
        try (ClipModel full = open("tiny-clip");
                ClipModel legacy = open("tiny-clip-legacy");
                ClipModel model = ClipModel.open(sparse, ScoringGoldens.FP32);
                Scope scope = Scope.open("test")) {
            assertEquals(full.config(), model.config());
            assertEquals(full.config(), legacy.config());
            assertEquals(full.id().fingerprint(), model.id().fingerprint());
            ScoringGoldens.check(
                    "clip", "text_features", ScoringGoldens.rows(scope, model.embed(prompts())));
        }
    }
}
