package dev.stanstudio.web.study.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the votes on one question say.
 *
 * @param comparisons every pair of methods that votes decide between; for picks among several, the
 *     votes in which either was picked
 * @param methods the strongest first
 * @param model how the strengths were fitted
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
}
