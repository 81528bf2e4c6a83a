package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One sentence about a metric that exists within styles alone, by intervals that do not meet. */
final class StyleVerdict {
    private final Result result;
    private final Question question;
    private final Definition definition;

    StyleVerdict(Result result, Question question, Definition definition) {
        this.result = result;
        this.question = question;
        this.definition = definition;
    }

    String sentence() {
        Map<String, Integer> led = new LinkedHashMap<>();
        int compared = 0;
        for (String style : result.styles()) {
            Map<String, Estimate> values = values(style);
            if (values.size() < 2) {
                continue;
            }
            compared++;
            List<String> methods = List.copyOf(values.keySet());
            for (String leader : methods) {
                if (leads(leader, methods, values)) {
                    led.merge(leader, 1, Integer::sum);
                }
            }
        }
        return compared == 0
                ? "Too few pictures of a style by two methods to tell."
                : told(led, compared);
    }

    private String told(Map<String, Integer> led, int compared) {
        String styles = Words.count(compared, "style", "styles");
        if (led.isEmpty()) {
            return "Too close to tell in each of %s: intervals overlap.".formatted(styles);
        }
        List<String> parts = new ArrayList<>();
        int decided = 0;
        for (Map.Entry<String, Integer> entry : led.entrySet()) {
            decided += entry.getValue();
            parts.add(
                    "%s %s the others in %d"
                            .formatted(
                                    MethodNames.shown(entry.getKey()),
                                    question.verb(),
                                    entry.getValue()));
        }
        String rest =
                decided == compared
                        ? ""
                        : "; %d %s too close to tell"
                                .formatted(
                                        compared - decided, compared - decided == 1 ? "is" : "are");
        return "Of %s, by intervals that do not overlap, %s%s."
                .formatted(styles, Words.list(parts), rest);
    }

    private boolean leads(String leader, List<String> methods, Map<String, Estimate> values) {
        Verdict verdict =
                new Verdict(
                        question,
                        definition.metric(),
                        MetricWords.isSmaller(definition),
                        methods,
                        values,
                        List.of());
        return methods.stream()
                .filter(other -> !other.equals(leader))
                .allMatch(other -> verdict.isApart(leader, other));
    }

    private Map<String, Estimate> values(String style) {
        Map<String, Estimate> values = new LinkedHashMap<>();
        for (String method : result.methods()) {
            Result.Mean mean = result.number(definition.metric(), method, style);
            if (mean != null) {
                values.put(method, mean.estimate());
            }
        }
        return Answering.enough(values);
    }
}
