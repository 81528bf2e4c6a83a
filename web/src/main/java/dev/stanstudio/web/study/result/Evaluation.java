package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.KeyedRandom;
import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.ConfidenceSequence;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.Proportions;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Turns a study's rows into its result. Methods keep letters for names until it is locked. */
public final class Evaluation {
    private Evaluation() {}

    /** The result so far. */
    public static StudyResult of(Study study, List<VoteRow> rows) {
        StudyPlan plan = study.plan();
        List<Ballot> all =
                StudyStore.standing(rows).stream().map(row -> Ballot.of(plan, row)).toList();
        RaterGroups groups = RaterGroups.of(plan, rows);
        List<Ballot> votes = votes(all, groups);
        int counted = counted(plan, votes);
        List<Ballot> counting = votes.subList(0, counted);
        List<RaterReport> raters = Screening.of(plan, all, groups);
        Set<Integer> trusted = trusted(raters);
        List<Ballot> screened = counting.stream().filter(b -> trusted.contains(b.rater())).toList();
        List<String> names = names(study);
        List<Long> sides = sides(plan, screened);
        return new StudyResult(
                !study.locked(),
                complete(plan, votes),
                counted,
                screened.size(),
                sides,
                sideP(sides),
                firstSide(sides),
                raters,
                questions(plan, names, screened),
                screened.size() == counting.size() ? List.of() : questions(plan, names, counting));
    }

    /** Raters who count; all of them where screening would leave nobody. */
    private static Set<Integer> trusted(List<RaterReport> raters) {
        boolean somebody = raters.stream().anyMatch(RaterReport::counts);
        return raters.stream()
                .filter(rater -> !somebody || rater.counts())
                .map(RaterReport::slot)
                .collect(Collectors.toSet());
    }

    /** Whether the study needs no more votes. */
    public static boolean complete(Study study, List<VoteRow> rows) {
        StudyPlan plan = study.plan();
        return complete(
                plan,
                votes(
                        StudyStore.standing(rows).stream()
                                .map(row -> Ballot.of(plan, row))
                                .toList(),
                        RaterGroups.of(plan, rows)));
    }

    /** Votes that may count: not those of raters beyond what one address may bring. */
    private static List<Ballot> votes(List<Ballot> all, RaterGroups groups) {
        return all.stream()
                .filter(b -> b.is(Showing.Role.VOTE) && !groups.leavesOut(b.rater()))
                .toList();
    }

    private static boolean complete(StudyPlan plan, List<Ballot> votes) {
        StoppingRule rule = plan.settings().stop();
        return votes.size() >= rule.votes()
                || (rule.kind() == StoppingRule.Kind.SEQUENCE && decidedAt(rule, votes) >= 0);
    }

    /** How many of the votes, in the order in which they came, the rule lets count. */
    private static int counted(StudyPlan plan, List<Ballot> votes) {
        StoppingRule rule = plan.settings().stop();
        int most = Math.min(votes.size(), rule.votes());
        if (rule.kind() == StoppingRule.Kind.SEQUENCE) {
            int decided = decidedAt(rule, votes);
            return decided < 0 ? most : Math.min(most, decided);
        }
        return most;
    }

    /** The number of votes after which the sequence ruled out 1/2; -1 if it has not. */
    private static int decidedAt(StoppingRule rule, List<Ballot> votes) {
        long first = 0;
        long second = 0;
        for (int i = 0; i < votes.size(); i++) {
            if (!votes.get(i).tie()) {
                if (votes.get(i).picked() == 0) {
                    first++;
                } else {
                    second++;
                }
                if (ConfidenceSequence.decided(first, second, rule.alpha())) {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    /** The methods' names, or letters dealt by the study's secret while it is not locked. */
    public static List<String> names(Study study) {
        StudyPlan plan = study.plan();
        List<String> methods = plan.methods();
        if (study.locked()) {
            return methods;
        }
        List<String> letters =
                new ArrayList<>(
                        IntStream.range(0, methods.size())
                                .mapToObj(i -> "Method " + (char) ('A' + i))
                                .toList());
        new KeyedRandom(plan.key(study.secret()), "letters").shuffle(letters);
        return letters;
    }

    private static List<QuestionResult> questions(
            StudyPlan plan, List<String> names, List<Ballot> ballots) {
        List<String> questions = plan.settings().questions();
        return IntStream.range(0, questions.size())
                .mapToObj(
                        q ->
                                new Tally(
                                                plan,
                                                names,
                                                ballots.stream()
                                                        .filter(b -> b.showing().question() == q)
                                                        .toList())
                                        .result(questions.get(q)))
                .toList();
    }

    private static List<Long> sides(StudyPlan plan, List<Ballot> ballots) {
        int slots =
                plan.raters().get(0).stream().mapToInt(s -> s.pictures().size()).max().orElse(2);
        return IntStream.rangeClosed(1, slots)
                .mapToObj(slot -> ballots.stream().filter(b -> b.choice() == slot).count())
                .toList();
    }

    private static double sideP(List<Long> sides) {
        int all = (int) sides.stream().mapToLong(Long::longValue).sum();
        return all == 0
                ? 1
                : BinomialTest.twoSided(sides.get(0).intValue(), all, 1.0 / sides.size());
    }

    private static Interval firstSide(List<Long> sides) {
        long all = sides.stream().mapToLong(Long::longValue).sum();
        return Proportions.wilson(sides.get(0), all, Tally.CONFIDENCE);
    }
}
