package dev.stanstudio.web.study.result;

import java.util.List;
import java.util.Set;

/**
 * Result of a study.
 *
 * @param masked whether methods have letters for names, since the study is not locked
 * @param complete whether its stopping rule is met
 * @param towards votes that the stopping rule counts: those in time of raters who pass every rule
 *     about their own answers
 * @param counted votes in time, of every rater whom no rule about network addresses leaves out
 * @param screened of the {@code towards}, votes of raters who count: the votes that the questions'
 *     results are of
 * @param standing the rows that were not taken back or too late, by their numbers
 * @param votes of those, the {@code screened} ones
 * @param entered raters in the order in which they entered the sequence, by their slots
 * @param questions the result of each question over the raters who count
 * @param unscreened the same over all raters, where some were left out; never a verdict
 */
public record StudyResult(
        boolean masked,
        boolean complete,
        int towards,
        int counted,
        int screened,
        Set<Long> standing,
        Set<Long> votes,
        List<Integer> entered,
        Sides sides,
        List<RaterReport> raters,
        List<QuestionResult> questions,
        List<QuestionResult> unscreened) {
    /** The rules by which raters are left out. */
    public static final List<String> RULES = Screening.RULES;

    /** Copies the collections. */
    public StudyResult {
        standing = Set.copyOf(standing);
        votes = Set.copyOf(votes);
        entered = List.copyOf(entered);
        raters = List.copyOf(raters);
        questions = List.copyOf(questions);
        unscreened = List.copyOf(unscreened);
    }

    /** Returns the raters whose votes are left out. */
    public List<RaterReport> excluded() {
        return raters.stream().filter(rater -> !rater.counts()).toList();
    }

    /** Returns the state of the study that this is the result of. */
    public Ending ending() {
        return Ending.of(!masked, complete);
    }

    /** Returns whether screening leaves nobody, so that no vote counts. */
    public boolean nobodyPassed() {
        return !raters.isEmpty() && raters.stream().noneMatch(RaterReport::counts);
    }
}
