package dev.stanstudio.scoring.score;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes the numbers of one picture from its features. For one thread. */
final class Scorer {
    static final String CLIP_T = "clip_t";
    static final String CLIP_S = "clip_s";
    static final String CLIP_TM = "clip_tm";
    static final String CLIP_T_STYLE = "clip_t_style";
    static final String OTHERS = "_to_others";
    static final String ACCURACY = "style_accuracy";
    static final String NEAREST = "nearest_training";

    private static final int REMEMBERED = 10_000;
    private static final double HESSEL = 2.5;
    private static final double PERCENT = 100;

    private final Map<TowerKind, ImageEmbedder> towers;
    private final @Nullable TextVectors texts;
    private final Map<TowerKind, StyleReferences> references;
    private final @Nullable TrainingPictures training;
    private final Problems problems;
    private final String prefix;

    /** Results by hash: a picture that occurs several times is compared once. */
    private final LruCache<String, String> predictions = new LruCache<>(REMEMBERED);

    private final LruCache<String, TrainingPictures.Nearest> nearest = new LruCache<>(REMEMBERED);

    Scorer(
            Towers towers,
            String prefix,
            Map<TowerKind, StyleReferences> references,
            @Nullable TrainingPictures training,
            Problems problems) {
        this.towers = towers.images();
        this.prefix = prefix;
        ClipModel clip = towers.clip();
        this.texts = clip == null ? null : new TextVectors(clip, prefix);
        this.references = references;
        this.training = training;
        this.problems = problems;
    }

    /** Returns the tower that distinguishes styles best. */
    static TowerKind forStyle(Map<TowerKind, ?> towers) {
        return first(towers, TowerKind.CSD, TowerKind.DINOV2, TowerKind.DINO, TowerKind.CLIP);
    }

    /** Returns the tower that recognises copies best. */
    static TowerKind forCopies(Map<TowerKind, ?> towers) {
        return first(towers, TowerKind.DINOV2, TowerKind.DINO, TowerKind.CLIP, TowerKind.CSD);
    }

    private static TowerKind first(Map<TowerKind, ?> towers, TowerKind... order) {
        for (TowerKind kind : order) {
            if (towers.containsKey(kind)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no tower");
    }

    ScoredPicture score(ListedPicture picture, String sha256, Map<TowerKind, float[]> features) {
        Map<TowerKind, double[]> units = new EnumMap<>(TowerKind.class);
        features.forEach((kind, vector) -> units.put(kind, Vectors.unit(vector)));
        Map<String, Double> scores = new LinkedHashMap<>();
        scoreText(picture, units, scores);
        String predicted = scoreStyle(picture, sha256, units, scores);
        String copied = null;
        double[] feature = units.get(forCopies(towers));
        if (training != null && feature != null) {
            TrainingPictures.Nearest found = nearest.get(sha256, hash -> training.nearest(feature));
            copied = found.file();
            scores.put(NEAREST, found.cosine());
        }
        return new ScoredPicture(picture, sha256, scores, predicted, copied);
    }

    private void scoreText(
            ListedPicture picture, Map<TowerKind, double[]> units, Map<String, Double> scores) {
        double[] image = units.get(TowerKind.CLIP);
        if (texts == null || image == null) {
            return;
        }
        String prompt = picture.prompt();
        if (prompt == null) {
            problems.add(Problem.Kind.NO_PROMPT, picture.file(), "has no prompt, so no text score");
            return;
        }
        if (!texts.fits(prompt)) {
            problems.addOnce(
                    Problem.Kind.PROMPT_CUT,
                    prompt,
                    "is longer than the text tower reads; its end was not compared");
        }
        double cosine = Vectors.dot(image, texts.of(prompt));
        scores.put(CLIP_T, cosine);
        scores.put(CLIP_S, HESSEL * Math.max(cosine, 0));
        scores.put(CLIP_TM, PERCENT * cosine);
        String style = picture.style();
        if (style != null) {
            String words = StyleText.of(style, prompt);
            scores.put(CLIP_T_STYLE, Vectors.dot(image, texts.of(words)));
        }
    }

    private @Nullable String scoreStyle(
            ListedPicture picture,
            String sha256,
            Map<TowerKind, double[]> units,
            Map<String, Double> scores) {
        String style = picture.style();
        if (references.isEmpty()) {
            return null;
        }
        if (style == null) {
            problems.add(Problem.Kind.NO_STYLE, picture.file(), "has no style, so no style score");
            return null;
        }
        StyleReferences classifier = references.get(forStyle(references));
        double[] feature = units.get(forStyle(references));
        if (classifier == null || feature == null || !classifier.has(style)) {
            problems.addOnce(
                    Problem.Kind.NO_REFERENCES,
                    style,
                    "has no reference pictures, so no style score");
            return null;
        }
        references.forEach(
                (kind, real) -> {
                    double[] unit = units.get(kind);
                    if (unit != null) {
                        scores.put(kind.styleMetric(), real.toStyle(unit, style));
                        double others = real.toOthers(unit, style);
                        if (!Double.isNaN(others)) {
                            scores.put(kind.styleMetric() + OTHERS, others);
                        }
                    }
                });
        String predicted = predictions.get(sha256, hash -> classifier.predict(feature));
        scores.put(ACCURACY, predicted.equals(style) ? 1.0 : 0.0);
        return predicted;
    }

    /** Returns the definitions of the numbers and their dependencies. */
    List<Definition> definitions() {
        List<Definition> list = new ArrayList<>();
        ImageEmbedder clip = towers.get(TowerKind.CLIP);
        if (clip != null) {
            String text = prefix.isEmpty() ? "the prompt as it is" : "\"" + prefix + "\" + prompt";
            String pair = "each picture with its own prompt";
            list.add(clipDefinition(CLIP_T, "cos(image, text)", pair, text, clip.id()));
            list.add(clipDefinition(CLIP_S, "2.5 · max(cos, 0), then mean", pair, text, clip.id()));
            list.add(
                    clipDefinition(
                            CLIP_TM,
                            "100 · cos, then mean, then max(mean, 0) (torchmetrics)",
                            pair,
                            text,
                            clip.id()));
            list.add(
                    clipDefinition(
                            CLIP_T_STYLE,
                            "cos(image, text)",
                            "each picture with the words of its style",
                            "\"%sin the style of STYLE\"".formatted(prefix),
                            clip.id()));
        }
        Definitions.addBase(list, id(forCopies(towers)));
        if (references.isEmpty()) {
            return list;
        }
        references.keySet().forEach(kind -> Definitions.addStyle(list, kind, id(kind)));
        Definitions.addSets(list, references.keySet(), this::id);
        EmbedderId judge = id(forStyle(references));
        list.add(
                Definition.of(
                        ACCURACY,
                        "1 if the 10 nearest references, each voting e^(cos/0.07), say the"
                                + " picture's style",
                        "each picture with all reference pictures",
                        "larger",
                        null,
                        judge));
        if (training != null) {
            list.add(
                    Definition.of(
                            NEAREST,
                            "largest cosine to a training picture",
                            "each picture with all training pictures",
                            "neither: near 1 is a copy",
                            null,
                            id(forCopies(towers))));
        }
        return list;
    }

    private EmbedderId id(TowerKind kind) {
        ImageEmbedder embedder = towers.get(kind);
        if (embedder == null) {
            throw new IllegalArgumentException("no " + kind.key());
        }
        return embedder.id();
    }

    private static Definition clipDefinition(
            String name, String formula, String pairing, String text, EmbedderId made) {
        return Definition.of(name, formula, pairing, "larger", text, made);
    }
}
