package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.OutlierTest;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Excludes raters by rules that cannot favour a method: the rules use checks, repeats, sides and
 * time, and whether a rater answers like the others. Each rule is a test of a rater who does the
 * task honestly; its error is shared between all the raters that the plan has, so in at most 5 % of
 * studies any honest rater is left out.
 */
final class Screening {
    /** The rules, as the report states them. */
    static final List<String> RULES =
            List.of(
                    "came by the study's link after as many raters of the same network address as"
                            + " the plan lets count",
                    "missed more checks than somebody who misses 1 in 100 would (2 %)",
                    "answered repeats alike less often than by chance (0.75 %)",
                    "chose one side too often for chance in decisive votes (0.75 %)",
                    "answered within 150 ms after a minimum viewing time of 400 ms or more too"
                            + " often for somebody who does so in a quarter of votes (0.75 %)",
                    "agreed with the others less than the same answers would in a random order: a"
                            + " taste for a method, however rare, is no reason (0.75 %)");

    private static final double CHECKS_ERROR = 0.02;
    private static final double ERROR = 0.0075;

    /** Share of checks that an attentive rater misses. */
    private static final double LAPSES = 0.01;

    /** Two of two missed checks of 200 raters are at the limit but for rounding. */
    private static final double SLACK = 1 + 1e-9;

    private static final int FAST_MILLIS = 150;
    private static final double FAST_SHARE = 0.25;

    /** A study with a shorter minimum viewing time has no rule about haste. */
    private static final int TIMED_MILLIS = 400;

    private final StudyPlan plan;
    private final int raters;
    private final Map<List<Integer>, List<Integer>> answers = new HashMap<>();

    private Screening(StudyPlan plan) {
        this.plan = plan;
        this.raters = plan.raters().size();
    }

    /** Returns a report on every rater with an answer. */
    static List<RaterReport> of(StudyPlan plan, List<Ballot> ballots, RaterGroups groups) {
        Screening screening = new Screening(plan);
        Map<Integer, List<Ballot>> byRater = new TreeMap<>();
        for (Ballot ballot : ballots) {
            byRater.computeIfAbsent(ballot.rater(), r -> new ArrayList<>()).add(ballot);
            if (ballot.is(Trial.Role.VOTE) && !groups.leavesOut(ballot.rater())) {
                screening.count(ballot);
            }
        }
        Map<Integer, Double> outlying = screening.outlying(byRater, groups);
        List<RaterReport> reports = new ArrayList<>();
        byRater.forEach(
                (rater, own) -> {
                    List<String> reasons = screening.alone(own);
                    if (groups.leavesOut(rater)) {
                        reasons.add(0, groups.reason(rater));
                    }
                    if (screening.unlikely(outlying.getOrDefault(rater, 1.0), ERROR)) {
                        reasons.add("votes against the others");
                    }
                    reports.add(screening.report(rater, own, reasons));
                });
        return reports;
    }

    /** Returns p-values of agreeing with the others by chance, of raters who may count. */
    private Map<Integer, Double> outlying(Map<Integer, List<Ballot>> byRater, RaterGroups groups) {
        List<Integer> compared =
                byRater.keySet().stream().filter(r -> !groups.leavesOut(r)).toList();
        Map<Integer, Double> outlying = new HashMap<>();
        for (int rater : compared) {
            List<OutlierTest.Answer> own = given(byRater.getOrDefault(rater, List.of()));
            outlying.put(rater, OutlierTest.p(own, ERROR / raters));
        }
        return outlying;
    }

    /** Returns whether a rater passes every rule that needs no other rater's answers. */
    static boolean passesAlone(StudyPlan plan, List<Ballot> own) {
        return new Screening(plan).alone(own).isEmpty();
    }

    private void count(Ballot ballot) {
        List<Integer> counts =
                answers.computeIfAbsent(
                        ballot.comparison(), c -> new ArrayList<>(zeros(answers(ballot))));
        counts.set(ballot.answer(), counts.get(ballot.answer()) + 1);
    }

    private List<Integer> counts(Ballot ballot) {
        return Objects.requireNonNull(answers.get(ballot.comparison()), "counted before");
    }

    private static List<Integer> zeros(int n) {
        return Collections.nCopies(n, 0);
    }

    /** Returns the number of answers that a trial allows, of which no difference comes last. */
    private int answers(Ballot ballot) {
        return ballot.methods().size() + (plan.settings().ties() ? 1 : 0);
    }

    private List<OutlierTest.Answer> given(List<Ballot> own) {
        return own.stream()
                .filter(b -> b.is(Trial.Role.VOTE))
                .map(b -> new OutlierTest.Answer(compared(b), b.answer(), counts(b)))
                .toList();
    }

    /** Returns the methods and the question, independently of the pictures. */
    private static List<Integer> compared(Ballot ballot) {
        List<Integer> key = new ArrayList<>(ballot.methods());
        key.sort(null);
        key.add(ballot.trial().question());
        return key;
    }

    private RaterReport report(int slot, List<Ballot> own, List<String> reasons) {
        List<Ballot> votes = own.stream().filter(b -> b.is(Trial.Role.VOTE)).toList();
        List<Ballot> checks = own.stream().filter(b -> b.is(Trial.Role.CHECK)).toList();
        Repeats repeats = repeats(own);
        return new RaterReport(
                "R" + (slot + 1),
                slot,
                votes.size(),
                count(checks, Screening::passed),
                checks.size(),
                repeats.alike(),
                repeats.known(),
                count(votes, b -> b.choice() == 1),
                count(votes, b -> !b.tie()),
                medianMillis(votes),
                reasons);
    }

    /** Returns whether a probability is within a rater's part of a rule's error. */
    private boolean unlikely(double p, double error) {
        return p <= error / raters * SLACK;
    }

    /** Returns the violated rules about a rater's own answers. */
    private List<String> alone(List<Ballot> own) {
        List<Ballot> votes = own.stream().filter(b -> b.is(Trial.Role.VOTE)).toList();
        List<Ballot> checks = own.stream().filter(b -> b.is(Trial.Role.CHECK)).toList();
        List<String> reasons = new ArrayList<>();
        int passed = count(checks, Screening::passed);
        int missed = checks.size() - passed;
        if (unlikely(BinomialTest.greater(missed, checks.size(), LAPSES), CHECKS_ERROR)) {
            reasons.add("passed %d of %d checks".formatted(passed, checks.size()));
        }
        Repeats repeats = repeats(own);
        if (repeats.known() > 0
                && unlikely(
                        BinomialTest.less(repeats.alike(), repeats.known(), repeats.chance()),
                        ERROR)) {
            reasons.add(
                    "answered %d of %d repeats alike".formatted(repeats.alike(), repeats.known()));
        }
        addSide(reasons, votes);
        addHaste(reasons, votes);
        return reasons;
    }

    private void addSide(List<String> reasons, List<Ballot> votes) {
        int decisive = count(votes, b -> !b.tie());
        int slots = votes.stream().mapToInt(b -> b.methods().size()).max().orElse(2);
        int[] chosen =
                IntStream.rangeClosed(1, slots)
                        .map(slot -> count(votes, b -> b.choice() == slot))
                        .toArray();
        int most = Arrays.stream(chosen).max().orElse(0);
        // Any of the slots might have been the one.
        if (unlikely(slots * BinomialTest.greater(most, decisive, 1.0 / slots), ERROR)) {
            int slot =
                    IntStream.range(0, slots).filter(s -> chosen[s] == most).findFirst().orElse(0);
            reasons.add("chose place %d in %d of %d votes".formatted(slot + 1, most, decisive));
        }
    }

    private void addHaste(List<String> reasons, List<Ballot> votes) {
        int least = plan.settings().minMillis();
        int timed = count(votes, b -> b.millis() >= 0);
        int fast = count(votes, b -> b.millis() >= 0 && b.millis() < least + FAST_MILLIS);
        if (least >= TIMED_MILLIS
                && unlikely(BinomialTest.greater(fast, timed, FAST_SHARE), ERROR)) {
            reasons.add(
                    "answered %d of %d votes within %d ms"
                            .formatted(fast, timed, least + FAST_MILLIS));
        }
    }

    private static boolean passed(Ballot check) {
        return check.choice() == check.trial().expected();
    }

    private static int count(List<Ballot> ballots, Predicate<Ballot> what) {
        return (int) ballots.stream().filter(what).count();
    }

    /**
     * Repeats whose original was answered, those answered alike, and how often somebody without any
     * preference would do so at least: Σ q² over k answers of probabilities q is no less than 1/k.
     */
    private record Repeats(int alike, int known, double chance) {}

    private Repeats repeats(List<Ballot> own) {
        int alike = 0;
        int known = 0;
        double chance = 1;
        for (Ballot repeat : own) {
            Ballot first = repeat.is(Trial.Role.REPEAT) ? original(own, repeat) : null;
            if (first != null) {
                known++;
                alike += first.answer() == repeat.answer() ? 1 : 0;
                chance = Math.min(chance, 1.0 / answers(repeat));
            }
        }
        return new Repeats(alike, known, chance);
    }

    private static @Nullable Ballot original(List<Ballot> all, Ballot repeat) {
        return all.stream()
                .filter(b -> b.is(Trial.Role.VOTE))
                .filter(b -> b.comparison().equals(repeat.comparison()))
                .findFirst()
                .orElse(null);
    }

    /** Returns the median of the known viewing times; NaN where none is known. */
    private static double medianMillis(List<Ballot> votes) {
        double[] known =
                votes.stream()
                        .mapToLong(Ballot::millis)
                        .filter(millis -> millis != VoteRow.UNKNOWN_MILLIS)
                        .sorted()
                        .asDoubleStream()
                        .toArray();
        int middle = known.length / 2;
        if (known.length == 0) {
            return Double.NaN;
        }
        return known.length % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
    }
}
