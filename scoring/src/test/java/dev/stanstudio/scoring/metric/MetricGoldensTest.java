package dev.stanstudio.scoring.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.scoring.ScoringGoldens;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.testing.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Every metric against the reference's numbers, from its features and from our own. */
class MetricGoldensTest {
    private static JsonNode all() {
        return Goldens.json("scoring/metrics.json");
    }

    private static JsonNode metric(String name) {
        return all().path("metrics").path(name);
    }

    private static float[][] stored(String file, String name) {
        try (Goldens.File golden = ScoringGoldens.tensors(file)) {
            Tensor tensor = golden.tensor(name);
            float[] flat = tensor.toFloats();
            int width = (int) tensor.size(1);
            float[][] rows = new float[(int) tensor.size(0)][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return rows;
        }
    }

    private static float[][] pick(float[][] rows, JsonNode indices) {
        List<float[]> picked = new ArrayList<>();
        indices.forEach(i -> picked.add(rows[i.asInt()]));
        return picked.toArray(float[][]::new);
    }

    /** Row {@code column} of each pair in the specification. */
    private static float[][] paired(float[][] rows, int column) {
        List<float[]> picked = new ArrayList<>();
        all().path("spec")
                .path("pairs")
                .forEach(pair -> picked.add(rows[pair.get(column).asInt()]));
        return picked.toArray(float[][]::new);
    }

    private static void check(String what, JsonNode expected, double ours, double tolerance) {
        assertTrue(expected.isNumber(), what);
        double error = Math.abs(expected.asDouble() - ours);
        System.out.printf(
                Locale.ROOT, "%-48s worst error %.2e (tolerance %.2e)%n", what, error, tolerance);
        assertTrue(error <= tolerance, what + " differs by " + error);
    }

    private static void check(String what, JsonNode expected, double[] ours, double tolerance) {
        assertEquals(expected.size(), ours.length, what);
        double worst = 0;
        for (int i = 0; i < ours.length; i++) {
            worst = Math.max(worst, Math.abs(expected.get(i).asDouble() - ours[i]));
        }
        System.out.printf(
                Locale.ROOT, "%-48s worst error %.2e (tolerance %.2e)%n", what, worst, tolerance);
        assertTrue(worst <= tolerance, what + " differs by " + worst);
    }

    private static void checkPairs(float[][] images, float[][] texts, String tolerance) {
        double[] clipT = ClipScore.clipT(paired(images, 0), paired(texts, 1));
        double[] clipS = ClipScore.clipS(clipT);
        JsonNode t = metric("clip_t");
        JsonNode s = metric("clip_s");
        JsonNode hundred = metric("clip_score_100");
        check("clip_t", t.path("per_pair"), clipT, t.path(tolerance).asDouble());
        check("clip_s", s.path("per_pair"), clipS, s.path(tolerance).asDouble());
        check(
                "clip_s mean",
                s.path("mean"),
                Arrays.stream(clipS).average().orElseThrow(),
                s.path(tolerance).asDouble());
        check(
                "clip_score_100",
                hundred.path("mean_then_clamp"),
                ClipScore.clipScore100(clipT),
                hundred.path(tolerance).asDouble());
    }

    @Test
    void pairs() {
        checkPairs(stored("clip", "image_features"), stored("clip", "text_features"), "tolerance");
    }

    @Test
    void pairsFromOwnFeatures() {
        List<Picture> pictures = ScoringGoldens.pictures();
        List<String> prompts = new ArrayList<>();
        Goldens.json("scoring/prompts.json").forEach(text -> prompts.add(text.asText()));
        try (ClipModel model =
                ClipModel.open(ScoringGoldens.model("tiny-clip"), ScoringGoldens.FP32)) {
            checkPairs(
                    model.images().embed(pictures), model.embed(prompts), "tolerance_end_to_end");
        }
    }

    @Test
    void references() {
        float[][] images = stored("clip", "image_features");
        JsonNode spec = all().path("spec");
        JsonNode expected = metric("mean_cosine_to_references");
        double tolerance = expected.path("tolerance").asDouble();
        ReferenceSimilarity ours =
                ReferenceSimilarity.of(
                        pick(images, spec.path("generated")), pick(images, spec.path("reference")));
        check("all pairs", expected.path("all_pairs"), ours.allPairs(), tolerance);
        check(
                "per picture",
                expected.path("per_image"),
                ours.perPicture().stream().mapToDouble(Double::doubleValue).toArray(),
                tolerance);
        check("to centroid", expected.path("to_centroid"), ours.toCentroid(), tolerance);
        check("nearest", expected.path("nearest"), ours.nearest(), tolerance);
    }

    @Test
    void dinoPerStyle() {
        float[][] generated = stored("sets", "dino_gen");
        float[][] references = stored("sets", "dino_ref");
        JsonNode expected = metric("dino_all_pairs");
        JsonNode styles = all().path("spec").path("dino_styles");
        assertEquals(3, styles.size());
        styles.properties()
                .forEach(
                        style ->
                                check(
                                        "dino " + style.getKey(),
                                        expected.path("per_style").path(style.getKey()),
                                        ReferenceSimilarity.of(
                                                        pick(generated, style.getValue().get(0)),
                                                        pick(references, style.getValue().get(1)))
                                                .allPairs(),
                                        expected.path("tolerance").asDouble()));
    }

    @Test
    void sets() {
        float[][] a = stored("sets", "clip_a");
        float[][] b = stored("sets", "clip_b");
        JsonNode kid = metric("kid_full");
        check("kid", kid.path("value"), KernelDistance.kid(a, b), kid.path("tolerance").asDouble());
        JsonNode diversity = metric("diversity");
        check(
                "diversity",
                diversity.path("mean_pairwise_cosine"),
                Cosines.meanPairwise(a),
                diversity.path("tolerance").asDouble());
        JsonNode cmmd = metric("cmmd");
        double tolerance = cmmd.path("tolerance").asDouble();
        check("cmmd", cmmd.path("value"), KernelDistance.cmmd(a, b), tolerance);
        check("cmmd of one set", cmmd.path("same_set"), KernelDistance.cmmd(a, a), tolerance);
    }

    @Test
    void kidOfSubsets() {
        JsonNode spec = all().path("spec");
        JsonNode expected = metric("kid_subsets");
        float[][] a = stored("sets", "clip_a");
        float[][] b = stored("sets", "clip_b");
        double[] ours = new double[spec.path("kid_subsets_a").size()];
        for (int i = 0; i < ours.length; i++) {
            ours[i] =
                    KernelDistance.kid(
                            pick(a, spec.path("kid_subsets_a").get(i)),
                            pick(b, spec.path("kid_subsets_b").get(i)));
        }
        check(
                "kid of subsets",
                expected.path("per_subset"),
                ours,
                expected.path("tolerance").asDouble());
    }
}
