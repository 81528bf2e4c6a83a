package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A metric that is another one times a number, in every mean and interval of a result.
 *
 * @param factor what the other is multiplied with
 */
public record SameMetric(String key, double factor) {
    private static final double CLOSE = 1e-6;

    /** Returns what it is, in words. */
    public String words() {
        return "%s is the same number times %s"
                .formatted(key, Words.number(factor).replaceFirst("\\.?0+$", ""));
    }

    /** Returns which of {@code others}, by the same network, are {@code metric} times a number. */
    public static List<SameMetric> of(Result result, Definition metric, List<Definition> others) {
        return others.stream()
                .filter(other -> !other.metric().equals(metric.metric()))
                .filter(other -> other.fingerprint().equals(metric.fingerprint()))
                .flatMap(other -> of(result, metric.metric(), other.metric()).stream())
                .toList();
    }

    /** Returns the metrics of a result that are an earlier one times a number. */
    public static List<SameMetric> all(Result result) {
        List<SameMetric> all = new ArrayList<>();
        for (Question question : Question.values()) {
            for (Definition definition : question.definitions(result)) {
                if (all.stream().noneMatch(same -> same.key().equals(definition.metric()))) {
                    all.addAll(of(result, definition, question.definitions(result)));
                }
            }
        }
        return all;
    }

    private static Optional<SameMetric> of(Result result, String metric, String other) {
        double factor = Double.NaN;
        int compared = 0;
        for (Result.Mean mean : result.numbers()) {
            if (!mean.metric().equals(metric)) {
                continue;
            }
            Estimate twin = twin(result, mean, other);
            if (twin == null) {
                return Optional.empty();
            }
            if (Double.isNaN(factor)) {
                factor = twin.value() / mean.estimate().value();
            }
            if (!fits(mean.estimate(), twin, factor)) {
                return Optional.empty();
            }
            compared++;
        }
        return compared == 0 ? Optional.empty() : Optional.of(new SameMetric(other, factor));
    }

    private static boolean fits(Estimate a, Estimate b, double factor) {
        return Double.isFinite(factor)
                && factor > 0
                && fits(a.value(), b.value(), factor)
                && fits(a.low(), b.low(), factor)
                && fits(a.high(), b.high(), factor);
    }

    private static boolean fits(@Nullable Double a, @Nullable Double b, double factor) {
        if (a == null || b == null) {
            return (a == null) == (b == null);
        }
        return Math.abs(a * factor - b) <= CLOSE * Math.max(1e-3, Math.abs(b));
    }

    private static @Nullable Estimate twin(Result result, Result.Mean mean, String other) {
        return result.numbers().stream()
                .filter(n -> n.metric().equals(other) && n.method().equals(mean.method()))
                .filter(n -> n.over().equals(mean.over()))
                .filter(n -> Objects.equals(n.style(), mean.style()))
                .map(Result.Mean::estimate)
                .findFirst()
                .orElse(null);
    }
}
