package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.stats.BettingSequence;
import dev.stanstudio.web.study.stats.RaterScore;
import dev.stanstudio.web.study.store.RaterGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Holds the sequences of raters' mean scores between two methods, at one moment. A rater who fails
 * a rule about the own answers is in none. Raters who vote against the others are found by
 * comparing them with the others, which a sequence cannot allow for: so a study ends only when both
 * sequences, with and without these raters, decide it in the same way. The sequence with them keeps
 * the error; the one without them keeps votes that are left out from ending a study. Immutable.
 */
final class Sequences {
    private final StudyPlan plan;
    private final RaterGroups groups;
    private final List<Ballot> ballots;
    private final Map<Integer, List<Ballot>> entered = new LinkedHashMap<>();

    /**
     * Of a moment.
     *
     * @param ballots ballots that count, in the order in which they were committed
     */
    Sequences(StudyPlan plan, RaterGroups groups, List<Ballot> ballots) {
        this.plan = plan;
        this.groups = groups;
        this.ballots = ballots;
        for (Ballot ballot : ballots) {
            if (!groups.leavesOut(ballot.rater())) {
                entered.computeIfAbsent(ballot.rater(), r -> new ArrayList<>()).add(ballot);
            }
        }
        entered.values().removeIf(own -> !Screening.passesAlone(plan, own));
    }

    /** The raters who are in the sequences, in the order in which they began. */
    List<Integer> raters() {
        return List.copyOf(entered.keySet());
    }

    /** Returns whether a study of two methods and one question is decided. */
    boolean decided() {
        double alpha = plan.settings().stop().alpha();
        // Screening takes longer, and cannot turn an open sequence into a decided one.
        return sequence(0, 0, 1, rater -> true).decided()
                && anytime(0, 0, 1, trusted()).p() <= alpha;
    }

    /** Raters whose votes count. */
    private Set<Integer> trusted() {
        return Screening.of(plan, ballots, groups).stream()
                .filter(RaterReport::counts)
                .map(RaterReport::slot)
                .collect(Collectors.toSet());
    }

    /** Returns the result of both sequences for {@code first} against {@code second}. */
    Anytime anytime(int question, int first, int second, Set<Integer> trusted) {
        BettingSequence all = sequence(question, first, second, rater -> true);
        BettingSequence without = sequence(question, first, second, trusted::contains);
        boolean alike = (all.mean() > 0.5) == (without.mean() > 0.5);
        return new Anytime(
                without.raters(),
                without.mean(),
                all.interval().hull(without.interval()),
                alike ? Math.max(all.p(), without.p()) : 1,
                without.ratersToDecide());
    }

    private BettingSequence sequence(int question, int first, int second, IntPredicate wanted) {
        BettingSequence sequence = new BettingSequence(plan.settings().stop().alpha());
        entered.forEach(
                (rater, own) -> {
                    if (wanted.test(rater)) {
                        score(plan, own, question, first, second).ifPresent(sequence::add);
                    }
                });
        return sequence;
    }

    /** A rater's score of the first method; empty without answers about the two. */
    static Optional<RaterScore> score(
            StudyPlan plan, List<Ballot> own, int question, int first, int second) {
        double[] scores =
                own.stream()
                        .filter(b -> asks(plan, b.trial(), question, first, second))
                        .mapToDouble(b -> b.score(first, second))
                        .toArray();
        if (scores.length == 0) {
            return Optional.empty();
        }
        double trials =
                plan.raters().get(own.get(0).rater()).stream()
                        .filter(trial -> asks(plan, trial, question, first, second))
                        .count();
        double mean = Arrays.stream(scores).average().orElseThrow();
        return Optional.of(new RaterScore(mean, scores.length / trials));
    }

    private static boolean asks(StudyPlan plan, Trial trial, int question, int first, int second) {
        return trial.role() == Trial.Role.VOTE
                && trial.question() == question
                && plan.methodsOf(trial).containsAll(List.of(first, second));
    }
}
