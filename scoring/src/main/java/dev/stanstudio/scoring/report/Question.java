package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.List;
import java.util.stream.Stream;

/** The questions that people ask of scored pictures, each with the metrics that answer it. */
public enum Question {
    /** The text that a picture was drawn from. */
    FOLLOWS_PROMPT(
            "Follows the prompt",
            "follows its prompts more closely than",
            List.of("clip_t", "clip_s", "clip_tm")),
    /** Real pictures of the style, one by one. */
    LOOKS_LIKE_STYLE(
            "Looks like the style",
            "looks more like the style than",
            with(byTower("%s", "%s_to_others"), Question.STYLE_WORDS)),
    /** The vote of the nearest real pictures. */
    TAKEN_FOR_STYLE(
            "Is taken for the style",
            "is taken for the style more often than",
            List.of("style_accuracy")),
    /** Real pictures of the style, as a whole. */
    RESEMBLES_SET(
            "Resembles the style as a whole",
            "comes closer to the style's real pictures, taken as a whole, than",
            sets("kid_", "cmmd")),
    /** Differences between pictures of one style. */
    VARIETY("Variety", "varies more than", sets("diversity_")),
    /** The same prompt and noise without adapter. */
    KEEPS_CONTENT(
            "Keeps the content",
            "keeps more of the pictures without adapter than",
            List.of("content_kept")),
    /** Prompts without a style, with and without adapter. */
    DRIFT(
            "Leaves other prompts alone",
            "changes pictures of prompts without a style less than",
            List.of("drift")),
    /** Pictures that were trained on. */
    COPIES(
            "Copies of training pictures",
            "comes closer to its nearest training pictures than",
            List.of("nearest_training"));

    private static final String STYLE_WORDS = "clip_t_style";

    private final String title;
    private final String verb;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of and List.copyOf.
    private final List<String> metrics;

    Question(String title, String verb, List<String> metrics) {
        this.title = title;
        this.verb = verb;
        this.metrics = metrics;
    }

    /** Returns the question as a heading. */
    public String title() {
        return title;
    }

    /** Returns the words between a method with more of it and one with less. */
    String verb() {
        return verb;
    }

    /** Returns the definitions of its metrics that have numbers, the most telling first. */
    List<Definition> definitions(Result result) {
        return metrics.stream()
                .flatMap(name -> result.definitions().stream().filter(d -> d.metric().equals(name)))
                .filter(d -> result.numbers().stream().anyMatch(n -> isOf(n, d)))
                .toList();
    }

    private static boolean isOf(Result.Mean mean, Definition definition) {
        return mean.metric().equals(definition.metric()) && mean.over().equals("pictures");
    }

    /** Returns whether methods are tested against each other, on pairs of pictures. */
    boolean isTested(String metric) {
        return List.of("clip_t", "content_kept", "drift").contains(metric)
                || metric.equals(STYLE_WORDS)
                || towers().anyMatch(t -> t.styleMetric().equals(metric));
    }

    /** Returns the towers, the one that tells styles apart best first. */
    private static Stream<TowerKind> towers() {
        return Stream.of(TowerKind.CSD, TowerKind.DINOV2, TowerKind.DINO, TowerKind.CLIP);
    }

    private static List<String> byTower(String... forms) {
        return Stream.of(forms)
                .flatMap(form -> towers().map(tower -> form.formatted(tower.styleMetric())))
                .toList();
    }

    private static List<String> with(List<String> metrics, String last) {
        return Stream.concat(metrics.stream(), Stream.of(last)).toList();
    }

    private static List<String> sets(String prefix, String... more) {
        return Stream.concat(towers().map(tower -> prefix + tower.key()), Stream.of(more)).toList();
    }
}
