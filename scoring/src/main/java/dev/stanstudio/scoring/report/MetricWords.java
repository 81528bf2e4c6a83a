package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.score.Definition;
import java.util.Map;

/** Metrics in words. */
final class MetricWords {
    private static final Map<String, String> MEANINGS =
            Map.of(
                    "clip_t", "how close CLIP finds a picture and its prompt",
                    "clip_s",
                            "how close CLIP finds a picture and its prompt, as CLIPScore counts it",
                    "clip_tm",
                            "how close CLIP finds a picture and its prompt, as torchmetrics counts"
                                    + " it",
                    "clip_t_style",
                            "how close CLIP finds a picture and the words of its style alone",
                    "style_accuracy",
                            "how often the ten nearest real pictures vote for the style that was"
                                    + " asked for",
                    "content_kept",
                            "how alike a picture and that of the same noise without adapter are",
                    "drift",
                            "how far a picture of a prompt without a style lies from that of the"
                                    + " same noise without adapter",
                    "cmmd", "how far the pictures of a style lie from its real pictures",
                    "nearest_training",
                            "how close a picture comes to the nearest picture of the training");

    private static final String OTHERS = "_to_others";

    private MetricWords() {}

    static boolean isSmaller(Definition definition) {
        return definition.better().equals("smaller");
    }

    /** Returns the words between a method with more of what is asked and one with less. */
    static String verb(Question question, String metric) {
        return metric.endsWith(OTHERS) ? "looks less like other styles than" : question.verb();
    }

    static String meaning(String metric) {
        String known = MEANINGS.get(metric);
        if (known != null) {
            return known;
        }
        if (metric.startsWith("kid_")) {
            return "how far the pictures of a style lie from its real pictures";
        }
        if (metric.startsWith("diversity_")) {
            return "how different the pictures of a style are from each other";
        }
        return metric.endsWith(OTHERS)
                ? "how alike a picture and the real pictures of other styles are"
                : "how alike a picture and the real pictures of its style are";
    }

    /** Returns what higher and lower mean. */
    static String direction(Definition definition) {
        String metric = definition.metric();
        if (metric.startsWith("diversity_")) {
            return "Higher is more varied, lower more alike; neither is better by itself.";
        }
        if (metric.equals("content_kept")) {
            return "Higher is closer to the picture without adapter; an adapter that does nothing"
                    + " reaches 1, so read it beside the style.";
        }
        if (metric.equals("nearest_training")) {
            return "Higher is closer to a training picture, and near 1 is a copy; lower is not"
                    + " better by itself.";
        }
        return isSmaller(definition) ? "Lower is better." : "Higher is better.";
    }
}
