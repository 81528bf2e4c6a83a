package dev.stanstudio.web.study.result;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the votes on one question say.
 *
 * @param comparisons every pair of methods that votes decide between; for picks among several, the
 *     votes in which either was picked
 * @param methods the strongest first
 * @param model how the strengths were fitted
 * @param styles the comparisons within each style, where there are several
 * @param krippendorff agreement of raters; empty where undefined
 * @param fleiss the same over the comparisons with the commonest number of votes
 */
public record QuestionResult(
        String question,
        long votes,
        long ties,
        List<Comparison> comparisons,
        List<MethodRow> methods,
        String model,
        Map<String, List<Comparison>> styles,
        OptionalDouble krippendorff,
        OptionalDouble fleiss) {
    /** Copies the collections. */
    public QuestionResult {
        comparisons = List.copyOf(comparisons);
        methods = List.copyOf(methods);
        styles = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(styles));
    }
}
