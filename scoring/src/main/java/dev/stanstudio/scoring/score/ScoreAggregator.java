package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.Draws;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.ResampledSets;
import dev.stanstudio.scoring.metric.TrainingEstimate;
import dev.stanstudio.scoring.score.Result.Confusion;
import dev.stanstudio.scoring.score.Result.Difference;
import dev.stanstudio.scoring.score.Result.Mean;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Aggregates scored pictures. Memory grows with methods, styles and metrics, not with pictures. */
final class ScoreAggregator {
    private static final int SIZES = 100;

    private final Map<TowerKind, StyleReferences> references;
    private final PoissonWeights weights;
    private final Draws.Source draws;
    private final Problems problems;
    private final Means means;
    private final Pairs pairs;
    private final BaseComparison bases = new BaseComparison();
    private final MeanRows rows;
    private final BestAndWorst extremes;
    private final Map<Group, Map<TowerKind, PictureSets>> sets = new HashMap<>();
    private final Map<String, Map<String, Map<String, Long>>> predictions = new TreeMap<>();
    private final Map<String, Long> sizes = new TreeMap<>();
    private long pictures;

    private record Group(String method, String style) {}

    ScoreAggregator(
            Map<TowerKind, StyleReferences> references, PoissonWeights weights, Problems problems) {
        this.references = references;
        this.rows = new MeanRows(references);
        this.weights = weights;
        this.problems = problems;
        draws = new Draws.Source(weights);
        means = new Means(weights.replicates());
        pairs = new Pairs(draws);
        extremes =
                new BestAndWorst(
                        references.isEmpty()
                                ? Scorer.CLIP_T
                                : Scorer.forStyle(references).styleMetric());
    }

    private void count(String size) {
        boolean fits = sizes.size() < SIZES || sizes.containsKey(size);
        sizes.merge(fits ? size : "others", 1L, Long::sum);
    }

    /**
     * Adds a picture.
     *
     * @param size width×height
     */
    void add(String input, ScoredPicture scored, Map<TowerKind, float[]> features, String size) {
        pictures++;
        count(size);
        String method = scored.listed().method();
        String style = scored.listed().style();
        String unit = scored.listed().unit();
        long number = PoissonWeights.unit(unit);
        String training = scored.listed().trained();
        means.add(method, style, scored.scores(), draws.of(number, training));
        pairs.add(scored.listed(), scored.scores());
        float[] content = features.isEmpty() ? null : features.get(Scorer.forCopies(features));
        if (content != null) {
            bases.add(scored.listed(), content);
        }
        extremes.add(input, scored);
        if (scored.predicted() == null || style == null) {
            return;
        }
        predictions
                .computeIfAbsent(method, m -> new TreeMap<>())
                .computeIfAbsent(style, s -> new TreeMap<>())
                .merge(scored.predicted(), 1L, Long::sum);
        Map<TowerKind, PictureSets> own =
                sets.computeIfAbsent(new Group(method, style), group -> new TreeMap<>());
        features.forEach(
                (kind, vector) ->
                        own.computeIfAbsent(kind, k -> new PictureSets())
                                .add(
                                        scored.hash() + unit,
                                        number,
                                        training == null ? "" : training,
                                        vector));
    }

    long pictures() {
        return pictures;
    }

    Map<String, Long> sizes() {
        return sizes;
    }

    BestAndWorst extremes() {
        return extremes;
    }

    /** Compares with the pictures without adapter, after the last picture. */
    void finish() {
        bases.finish(
                (picture, scores) -> {
                    long unit = PoissonWeights.unit(picture.unit());
                    Draws often = draws.of(unit, picture.trained());
                    means.add(picture.method(), picture.style(), scores, often);
                    pairs.extend(picture, scores);
                });
        noteSizes();
    }

    private void noteSizes() {
        if (sizes.size() > 1) {
            String what =
                    "have %d sizes; a metric model sees each resized, so compare like with like";
            problems.add(Problem.Kind.MIXED_SIZES, "pictures", what.formatted(sizes.size()));
        }
    }

    List<Mean> numbers() {
        List<Mean> numbers = new ArrayList<>();
        for (String method : means.methods()) {
            means.of(method, null)
                    .forEach(
                            (metric, mean) -> addOverall(numbers, method, metric, mean.estimate()));
            for (String style : means.styles(method)) {
                means.of(method, style)
                        .forEach(
                                (metric, mean) ->
                                        numbers.add(
                                                rows.number(
                                                        metric, method, style, mean.estimate())));
                addSets(numbers, method, style);
            }
        }
        return numbers;
    }

    private void addOverall(
            List<Mean> numbers, String method, String metric, TrainingEstimate all) {
        numbers.add(MeanRows.overall(metric, method, "pictures", all, null));
        TrainingEstimate macro = means.overStyles(method, metric);
        if (macro != null) {
            TrainingEstimate place =
                    means.position(method, metric, style -> rows.place(metric, style));
            numbers.add(MeanRows.overall(metric, method, "styles", macro, place));
        }
    }

    private void addSets(List<Mean> numbers, String method, String style) {
        Map<TowerKind, PictureSets> own = sets.getOrDefault(new Group(method, style), Map.of());
        own.forEach(
                (kind, set) -> {
                    StyleReferences real = references.get(kind);
                    if (real == null || set.size() < 2 || real.count(style) < 2) {
                        problems.addOnce(
                                Problem.Kind.TOO_FEW,
                                method + ", " + style,
                                "has too few pictures for distances and diversity");
                        return;
                    }
                    int several = set.trainings();
                    List<byte[]> often = set.weights(weights);
                    float[][] drawn = set.rows();
                    float[][] wanted = real.rows(style);
                    add(
                            numbers,
                            Definitions.KID + kind.key(),
                            method,
                            style,
                            ResampledSets.kid(drawn, wanted, often, several));
                    if (kind == TowerKind.CLIP) {
                        Estimate cmmd = ResampledSets.cmmd(drawn, wanted, often, several);
                        add(numbers, Definitions.CMMD, method, style, cmmd);
                    }
                    Estimate diversity = ResampledSets.diversity(drawn, often, several);
                    add(numbers, Definitions.DIVERSITY + kind.key(), method, style, diversity);
                });
    }

    private void add(
            List<Mean> numbers, String metric, String method, String style, Estimate estimate) {
        numbers.add(rows.number(metric, method, style, estimate, null));
    }

    List<Difference> differences() {
        List<String> metrics = new ArrayList<>(List.of(Scorer.CLIP_T, Scorer.CLIP_T_STYLE));
        Arrays.stream(TowerKind.values())
                .filter(references::containsKey)
                .forEach(kind -> metrics.add(kind.styleMetric()));
        metrics.addAll(List.of(BaseComparison.CONTENT_KEPT, BaseComparison.DRIFT));
        return pairs.differences(metrics);
    }

    List<Confusion> confusion() {
        List<Confusion> list = new ArrayList<>();
        predictions.forEach(
                (method, styles) ->
                        styles.forEach(
                                (wanted, row) ->
                                        row.forEach(
                                                (found, count) ->
                                                        list.add(
                                                                new Confusion(
                                                                        method, wanted, found,
                                                                        count)))));
        if (!references.isEmpty()) {
            list.addAll(
                    references
                            .getOrDefault(Scorer.forStyle(references), new StyleReferences())
                            .confusion());
        }
        return list;
    }
}
