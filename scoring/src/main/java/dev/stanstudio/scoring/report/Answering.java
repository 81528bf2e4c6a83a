package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.PairedTest;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers one question from a result. */
final class Answering {
    /**
     * Methods with fewer pictures are not ranked: with fewer pairs no test could tell them apart.
     */
    static final int LEAST = PairedTest.LEAST;

    private final Result result;
    private final Question question;
    private final List<Definition> definitions;

    Answering(Result result, Question question) {
        this.result = result;
        this.question = question;
        this.definitions = question.definitions(result);
    }

    /** Returns the answer; empty if no metric of the question has numbers. */
    Optional<Answer> answer() {
        if (definitions.isEmpty()) {
            return Optional.empty();
        }
        Definition first = definitions.get(0);
        Map<String, Estimate> all = values(first, null);
        Scale apart = new Scale(result, first.metric(), "", few(all));
        if (all.isEmpty()) {
            List<Scale> styles = byStyle(first);
            return Optional.of(
                    new Answer(
                            question,
                            new StyleVerdict(result, question, first).sentence(),
                            List.of(),
                            styles.stream().map(Scale::bars).toList(),
                            styles.get(0).words(),
                            List.of(),
                            metrics(),
                            List.of()));
        }
        Map<String, Estimate> ranked = enough(all);
        Scale scale = new Scale(result, first.metric(), "", ranked);
        Verdict verdict = verdict(first, ranked);
        return Optional.of(
                new Answer(
                        question,
                        sentence(verdict, scale, ranked),
                        verdict.conflicts(),
                        ranked.isEmpty() ? List.of() : List.of(scale.bars()),
                        ranked.isEmpty() ? "" : scale.words(),
                        apart.bars().bars(),
                        metrics(),
                        verdict.lines()));
    }

    /** A single method is told by its place between floor and ceiling. */
    private String sentence(Verdict verdict, Scale scale, Map<String, Estimate> ranked) {
        Bars bars = scale.bars();
        if (ranked.size() != 1 || !bars.isScaled()) {
            return verdict.sentence();
        }
        Bar only = bars.bars().get(0);
        return ("%s reaches %s of the way from real pictures of other styles to real pictures of"
                        + " the style, over %s. There is no other method with enough pictures to"
                        + " compare it with.")
                .formatted(
                        MethodNames.subject(List.copyOf(ranked.keySet()).get(0)),
                        only.place(),
                        only.pictures());
    }

    private Verdict verdict(Definition definition, Map<String, Estimate> ranked) {
        return new Verdict(
                question,
                definition.metric(),
                MetricWords.isSmaller(definition),
                List.copyOf(ranked.keySet()),
                ranked,
                result.differences());
    }

    /** Returns the means of a metric by method, that with most of what is asked first. */
    private Map<String, Estimate> values(Definition definition, @Nullable String style) {
        Comparator<Result.Mean> order = Comparator.comparingDouble(n -> n.estimate().value());
        Map<String, Estimate> values = new LinkedHashMap<>();
        result.methods().stream()
                .map(method -> result.number(definition.metric(), method, style))
                .flatMap(mean -> Optional.ofNullable(mean).stream())
                .sorted(MetricWords.isSmaller(definition) ? order : order.reversed())
                .forEach(mean -> values.put(mean.method(), mean.estimate()));
        return values;
    }

    static Map<String, Estimate> enough(Map<String, Estimate> values) {
        return filtered(values, true);
    }

    private static Map<String, Estimate> few(Map<String, Estimate> values) {
        return filtered(values, false);
    }

    private static Map<String, Estimate> filtered(Map<String, Estimate> values, boolean enough) {
        Map<String, Estimate> kept = new LinkedHashMap<>();
        values.forEach(
                (method, e) -> {
                    if (e.n() >= LEAST == enough) {
                        kept.put(method, e);
                    }
                });
        return kept;
    }

    private List<Scale> byStyle(Definition definition) {
        List<Scale> scales = new ArrayList<>();
        for (String style : result.styles()) {
            Map<String, Estimate> values = values(definition, style);
            if (!values.isEmpty()) {
                scales.add(new Scale(result, definition.metric(), style, values));
            }
        }
        return scales;
    }

    private List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (Definition d : definitions) {
            if (!told.contains(d.metric())) {
                List<SameMetric> same = SameMetric.of(result, d, definitions);
                same.forEach(other -> told.add(other.key()));
                metrics.add(metric(d, same, d.equals(definitions.get(0))));
            }
        }
        return metrics;
    }

    private Metric metric(Definition d, List<SameMetric> same, boolean first) {
        Map<String, Estimate> ranked = enough(values(d, null));
        boolean overall = !ranked.isEmpty();
        boolean shown = !first && overall;
        return new Metric(
                d.metric(),
                MetricWords.meaning(d.metric()),
                MetricWords.direction(d),
                d.formula(),
                d.model(),
                same.stream().map(SameMetric::words).toList(),
                shown
                        ? verdict(d, ranked).sentence()
                        : first || values(d, null).size() > 0
                                ? ""
                                : new StyleVerdict(result, question, d).sentence(),
                shown ? List.of(new Scale(result, d.metric(), "", ranked).bars()) : List.of());
    }
}
