package dev.stanstudio.scoring.report;

import java.util.List;

/**
 * The answer to a question.
 *
 * @param verdict one sentence, no stronger than its intervals and tests
 * @param conflicts a sentence for each comparison whose interval and test disagree
 * @param bars the values of its first metric: over all pictures, or by style if there are no others
 * @param scale what the ends of the bars are
 * @param apart methods with too few pictures to be ranked, with their values
 * @param metrics what is measured, the first metric first
 * @param comparisons every comparison of the first metric, in words
 */
public record Answer(
        Question question,
        String verdict,
        List<String> conflicts,
        List<Bars> bars,
        String scale,
        List<Bar> apart,
        List<Metric> metrics,
        List<String> comparisons) {
    /** Keeps copies of the lists. */
    public Answer {
        conflicts = List.copyOf(conflicts);
        bars = List.copyOf(bars);
        apart = List.copyOf(apart);
        metrics = List.copyOf(metrics);
        comparisons = List.copyOf(comparisons);
    }

    /** Returns whether its bars are many: one drawing for each style. */
    public boolean isByStyle() {
        return !bars.isEmpty() && !bars.get(0).title().isEmpty();
    }
}
