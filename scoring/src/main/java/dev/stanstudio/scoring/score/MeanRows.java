package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.TrainingEstimate;
import dev.stanstudio.scoring.score.Result.Mean;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the means of a result, with floor, ceiling and the place between where there are such. */
record MeanRows(Map<TowerKind, StyleReferences> references) {
    static Mean overall(
            String metric,
            String method,
            String over,
            TrainingEstimate mean,
            @Nullable TrainingEstimate place) {
        Estimate at = place == null ? null : place.estimate();
        return new Mean(
                metric,
                method,
                null,
                over,
                clamped(metric, mean.estimate()),
                null,
                null,
                at == null ? null : at.value(),
                at,
                Trainings.of(mean));
    }

    /** torchmetrics clamps the mean. */
    private static Estimate clamped(String metric, Estimate mean) {
        if (!metric.equals(Scorer.CLIP_TM)) {
            return mean;
        }
        return new Estimate(
                Math.max(0, mean.value()), mean.n(), atLeast0(mean.low()), atLeast0(mean.high()));
    }

    private static @Nullable Double atLeast0(@Nullable Double value) {
        return value == null ? null : Double.valueOf(Math.max(0, value));
    }

    private StyleReferences.@Nullable Scale scale(String metric, String style) {
        for (Map.Entry<TowerKind, StyleReferences> real : references.entrySet()) {
            if (metric.equals(real.getKey().styleMetric())) {
                return real.getValue().scale(style);
            }
        }
        return null;
    }

    /** Returns floor and reach of a style; null where a metric has none there. */
    Means.@Nullable Place place(String metric, String style) {
        StyleReferences.Scale scale = scale(metric, style);
        if (scale == null || scale.position(0) == null) {
            return null;
        }
        Estimate floor = scale.floor();
        Estimate ceiling = scale.ceiling();
        return floor == null || ceiling == null
                ? null
                : new Means.Place(floor.value(), ceiling.value() - floor.value());
    }

    Mean number(String metric, String method, String style, TrainingEstimate mean) {
        return number(metric, method, style, mean.estimate(), Trainings.of(mean));
    }

    Mean number(
            String metric,
            String method,
            String style,
            Estimate mean,
            @Nullable Trainings trainings) {
        StyleReferences.Scale scale = scale(metric, style);
        Means.Place place = place(metric, style);
        Estimate at = place == null ? null : place.of(mean);
        return new Mean(
                metric,
                method,
                style,
                "pictures",
                clamped(metric, mean),
                scale == null ? null : scale.floor(),
                scale == null ? null : scale.ceiling(),
                at == null ? null : at.value(),
                at,
                trainings);
    }
}
