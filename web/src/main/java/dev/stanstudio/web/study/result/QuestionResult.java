package dev.stanstudio.web.study.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Result of one question.
 *
 * @param comparisons every pair of methods that votes decide between; for picks among several, the
 *     votes in which either was picked
 * @param methods the strongest first
 * @param model name of the model of the strengths
 * @param styles the comparisons within each style, where there are several; Holm's correction runs
 *     over the rows of a style
 */
public record QuestionResult(
        String question,
        long votes,
        long ties,
        List<Comparison> comparisons,
        List<MethodRow> methods,
        String model,
        Map<String, List<Comparison>> styles,
        RaterAgreement agreement) {
    /** Copies the collections. */
    public QuestionResult {
        comparisons = List.copyOf(comparisons);
        methods = List.copyOf(methods);
        styles = Collections.unmodifiableMap(new LinkedHashMap<>(styles));
    }

    /** Returns the methods that may be the best, of several more than two; empty for two. */
    public List<String> maybeBest() {
        return methods.size() < 3
                ? List.of()
                : methods.stream()
                        .filter(m -> m.ranks().best() == 1)
                        .map(MethodRow::method)
                        .toList();
    }
}
