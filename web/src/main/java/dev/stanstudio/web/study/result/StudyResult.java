package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Interval;
import java.util.List;

/**
 * What a study says.
 *
 * @param masked whether methods stand under letters, since the study is not locked
 * @param complete whether its stopping rule is met
 * @param counted votes that the rule lets count
 * @param screened of those, votes of raters who count
 * @param sides how often each slot was chosen in decisive votes
 * @param sideP whether that is chance: exact for two slots, else of the first against the rest
 * @param firstSide interval of the first slot's share, 95 %
 * @param questions the result of each question over the raters who count
 * @param unscreened the same over all raters
 */
public record StudyResult(
        boolean masked,
        boolean complete,
        int counted,
        int screened,
        List<Long> sides,
        double sideP,
        Interval firstSide,
        List<RaterReport> raters,
        List<QuestionResult> questions,
        List<QuestionResult> unscreened) {
    /** The rules by which raters are left out. */
    public static final List<String> RULES = Screening.RULES;

    /** Copies the lists. */
    public StudyResult {
        sides = List.copyOf(sides);
        raters = List.copyOf(raters);
        questions = List.copyOf(questions);
        unscreened = List.copyOf(unscreened);
    }

    /** Raters whose votes are left out. */
    public List<RaterReport> excluded() {
        return raters.stream().filter(rater -> !rater.counts()).toList();
    }

    /** Whether screening would leave nobody, so that everybody's votes count all the same. */
    public boolean nobodyPassed() {
        return !raters.isEmpty() && raters.stream().noneMatch(RaterReport::counts);
    }
}
