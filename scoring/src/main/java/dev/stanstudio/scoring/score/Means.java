package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.Intervals;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.ResampledMean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Means of all metrics by method and style. Memory grows with methods × styles × metrics. */
final class Means {
    /** Methods in the order they were met; style "" is all pictures. */
    private final Map<String, Map<String, Map<String, ResampledMean>>> all = new LinkedHashMap<>();

    private static final String EVERY = "";

    private final PoissonWeights weights;

    Means(PoissonWeights weights) {
        this.weights = weights;
    }

    void add(String method, @Nullable String style, Map<String, Double> scores, byte[] often) {
        double[] exact = new double[often.length];
        Arrays.setAll(exact, b -> often[b]);
        addTo(method, EVERY, scores, exact);
        if (style != null) {
            addTo(method, style, scores, exact);
        }
    }

    private void addTo(String method, String style, Map<String, Double> scores, double[] often) {
        Map<String, ResampledMean> means =
                all.computeIfAbsent(method, m -> new TreeMap<>())
                        .computeIfAbsent(style, s -> new LinkedHashMap<>());
        scores.forEach(
                (metric, value) ->
                        means.computeIfAbsent(metric, m -> new ResampledMean(weights.replicates()))
                                .add(value, often));
    }

    Set<String> methods() {
        return all.keySet();
    }

    /** The styles of a method that have pictures. */
    List<String> styles(String method) {
        return all.getOrDefault(method, Map.of()).keySet().stream()
                .filter(style -> !style.isEmpty())
                .toList();
    }

    /** The metrics of a method and a style; all pictures for null. */
    Map<String, ResampledMean> of(String method, @Nullable String style) {
        return all.getOrDefault(method, Map.of())
                .getOrDefault(style == null ? EVERY : style, Map.of());
    }

    /**
     * The mean over styles of a metric's means; null if fewer than two styles have it. A replicate
     * counts the styles of which it drew something.
     */
    @Nullable Estimate overStyles(String method, String metric) {
        double[] sums = new double[weights.replicates()];
        int[] drawn = new int[weights.replicates()];
        double value = 0;
        long n = 0;
        int parts = 0;
        for (String style : styles(method)) {
            ResampledMean part = of(method, style).get(metric);
            if (part == null) {
                continue;
            }
            parts++;
            value += part.mean();
            n += part.count();
            double[] own = part.replicates();
            for (int b = 0; b < own.length; b++) {
                sums[b] += Double.isNaN(own[b]) ? 0 : own[b];
                drawn[b] += Double.isNaN(own[b]) ? 0 : 1;
            }
        }
        if (parts < 2) {
            return null;
        }
        Arrays.setAll(sums, b -> sums[b] / drawn[b]);
        return Intervals.estimate(value / parts, n, sums);
    }
}
