package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Draws;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.TrainingEstimate;
import dev.stanstudio.scoring.metric.TrainingMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Means of all metrics by method and style. Memory grows with methods × styles × metrics, and a
 * little with trainings.
 */
final class Means {
    /** Methods in the order they were met; style "" is all pictures. */
    private final Map<String, Map<String, Map<String, TrainingMean>>> all = new LinkedHashMap<>();

    private static final String EVERY = "";

    private final int replicates;

    Means(int replicates) {
        this.replicates = replicates;
    }

    void add(String method, @Nullable String style, Map<String, Double> scores, Draws draws) {
        addTo(method, EVERY, scores, draws);
        if (style != null) {
            addTo(method, style, scores, draws);
        }
    }

    private void addTo(String method, String style, Map<String, Double> scores, Draws draws) {
        Map<String, TrainingMean> means =
                all.computeIfAbsent(method, m -> new TreeMap<>())
                        .computeIfAbsent(style, s -> new LinkedHashMap<>());
        scores.forEach(
                (metric, value) ->
                        means.computeIfAbsent(metric, m -> new TrainingMean(replicates))
                                .add(value, draws));
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
    Map<String, TrainingMean> of(String method, @Nullable String style) {
        return all.getOrDefault(method, Map.of())
                .getOrDefault(style == null ? EVERY : style, Map.of());
    }

    /** The mean over styles of a metric's means; null if fewer than two styles have it. */
    @Nullable TrainingEstimate overStyles(String method, String metric) {
        List<TrainingEstimate.Part> parts = parts(method, metric, style -> Place.PLAIN);
        return parts.size() < 2 ? null : TrainingEstimate.of(parts);
    }

    /**
     * The mean over styles of the places between floor and ceiling; null where no style has one.
     */
    @Nullable TrainingEstimate position(
            String method, String metric, Function<String, @Nullable Place> places) {
        List<TrainingEstimate.Part> parts = parts(method, metric, places);
        return parts.isEmpty() ? null : TrainingEstimate.of(parts);
    }

    private List<TrainingEstimate.Part> parts(
            String method, String metric, Function<String, @Nullable Place> places) {
        List<TrainingEstimate.Part> parts = new ArrayList<>();
        for (String style : styles(method)) {
            TrainingMean part = of(method, style).get(metric);
            Place place = part == null ? null : places.apply(style);
            if (part != null && place != null) {
                parts.add(new TrainingEstimate.Part(part, place.floor(), place.reach()));
            }
        }
        return parts;
    }

    /**
     * A scale from floor to ceiling.
     *
     * @param reach ceiling less floor
     */
    record Place(double floor, double reach) {
        static final Place PLAIN = new Place(0, 1);

        /** Returns the place of a mean, with its interval. */
        Estimate of(Estimate mean) {
            return new Estimate(of(mean.value()), mean.n(), end(mean.low()), end(mean.high()));
        }

        private double of(double value) {
            return (value - floor) / reach;
        }

        private @Nullable Double end(@Nullable Double value) {
            return value == null ? null : Double.valueOf(of(value));
        }
    }
}
