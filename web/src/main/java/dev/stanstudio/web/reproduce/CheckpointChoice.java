package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a saved state by a rule that is fixed before anything is drawn: the earliest one that is
 * not worse than the best, where the best has the largest mean of a metric, and a state is worse if
 * the 95 % interval of the best less the state, over the same prompts and noises, lies above 0. A
 * state that shares too few pictures with the best for an interval counts as worse.
 *
 * @param metric that decides
 * @param best column with the largest mean
 * @param chosen column that the rule names
 * @param overNone the chosen column less the model alone; null where they share no pictures
 * @param p of that difference times the number of states, because the state was chosen among them
 *     (Bonferroni); null where there are too few pictures for a test
 */
record CheckpointChoice(
        String metric,
        String best,
        String chosen,
        @Nullable Estimate overNone,
        @Nullable Double p) {
    private static final double LEVEL = 0.05;

    private static final String LARGER = "larger";

    /**
     * Applies the rule.
     *
     * @param columns of the states, the earliest first; at least one
     * @param wanted the metric; null for the first style metric that was scored
     * @throws UserException if the metric was not scored, or is not better when it is larger
     */
    static CheckpointChoice of(Result result, List<String> columns, @Nullable String wanted) {
        String metric = metric(result, wanted);
        String best = columns.get(0);
        for (String column : columns) {
            if (mean(result, metric, column) > mean(result, metric, best)) {
                best = column;
            }
        }
        String largest = best;
        String chosen =
                columns.stream()
                        .filter(column -> !isWorse(result, metric, column, largest))
                        .findFirst()
                        .orElse(largest);
        Result.Difference over = result.difference(metric, chosen, CheckpointGrid.NONE);
        if (over == null) {
            return new CheckpointChoice(metric, largest, chosen, null, null);
        }
        Double p = over.p();
        Double all = p == null ? null : Double.valueOf(Math.min(1, p * columns.size()));
        return new CheckpointChoice(metric, largest, chosen, over.estimate(), all);
    }

    /** Returns whether the chosen state is above the model alone, at a level of 5 %, two-sided. */
    boolean isBetterThanNone() {
        return overNone != null && overNone.value() > 0 && p != null && p < LEVEL;
    }

    private static String metric(Result result, @Nullable String wanted) {
        List<String> decisive =
                result.definitions().stream()
                        .filter(definition -> definition.better().equals(LARGER))
                        .map(Definition::metric)
                        .toList();
        return (wanted == null ? ScoreTable.STYLE_METRICS : List.of(wanted))
                .stream()
                        .filter(decisive::contains)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "%s cannot decide; take one of %s"
                                                        .formatted(
                                                                wanted == null
                                                                        ? "no style metric"
                                                                        : wanted,
                                                                String.join(", ", decisive))));
    }

    private static double mean(Result result, String metric, String column) {
        Result.Mean mean = result.number(metric, column, null);
        if (mean == null) {
            throw new UserException("no picture of %s has a %s".formatted(column, metric));
        }
        return mean.estimate().value();
    }

    private static boolean isWorse(Result result, String metric, String column, String best) {
        if (column.equals(best)) {
            return false;
        }
        Result.Difference gap = result.difference(metric, best, column);
        Double low = gap == null ? null : gap.estimate().low();
        return low == null || low > 0;
    }
}
