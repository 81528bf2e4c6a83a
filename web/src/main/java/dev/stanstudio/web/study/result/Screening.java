package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.OutlierTest;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which raters' votes are left out, by rules that no vote's content can bend towards a method: they
 * look at checks, repeats, sides and time, and at whether a rater answers like everybody else.
 */
final class Screening {
    /** The rules, as the report states them. */
    static final List<String> RULES =
            List.of(
                    "passed fewer than two thirds of at least two checks",
                    "answered fewer than a third of at least four repeats alike",
                    "chose one side in at least ten decisive votes with p < 0.001",
                    "took less than 150 ms beyond a minimum viewing time of 400 ms or more in half"
                            + " of at least ten votes",
                    "came by the study's link after as many raters of the same network address as"
                            + " the plan lets count",
                    "votes against the others (sequential outlier test, p < 0.05)");

    private static final double SIDE_ALPHA = 0.001;
    private static final int FAST_MILLIS = 150;

    /** Whoever lets pictures pass in less does not mind haste. */
    private static final int TIMED_MILLIS = 400;

    private static final int MIN_VOTES = 10;
    private static final int MIN_CHECKS = 2;
    private static final int MIN_REPEATS = 4;

    private final StudyPlan plan;
    private final RaterGroups groups;
    private final Map<Integer, List<Ballot>> byRater = new TreeMap<>();
    private final Map<List<Integer>, Map<Integer, Integer>> answers = new HashMap<>();

    private Screening(StudyPlan plan, List<Ballot> ballots, RaterGroups groups) {
        this.plan = plan;
        this.groups = groups;
        for (Ballot ballot : ballots) {
            byRater.computeIfAbsent(ballot.rater(), r -> new ArrayList<>()).add(ballot);
            if (ballot.is(Showing.Role.VOTE) && !groups.leavesOut(ballot.rater())) {
                answers.computeIfAbsent(ballot.comparison(), c -> new HashMap<>())
                        .merge(answer(ballot), 1, Integer::sum);
            }
        }
    }

    /** A report on every rater with a vote. */
    static List<RaterReport> of(StudyPlan plan, List<Ballot> ballots, RaterGroups groups) {
        Screening screening = new Screening(plan, ballots, groups);
        return screening.byRater.entrySet().stream()
                .map(entry -> screening.report(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static int answer(Ballot ballot) {
        return ballot.tie() ? -1 : ballot.picked();
    }

    private RaterReport report(int slot, List<Ballot> all) {
        List<Ballot> votes = all.stream().filter(b -> b.is(Showing.Role.VOTE)).toList();
        List<Ballot> checks = all.stream().filter(b -> b.is(Showing.Role.CHECK)).toList();
        int passed =
                (int) checks.stream().filter(b -> b.choice() == b.showing().expected()).count();
        List<Ballot> repeats = all.stream().filter(b -> b.is(Showing.Role.REPEAT)).toList();
        int known = (int) repeats.stream().filter(b -> original(all, b) != null).count();
        int alike =
                (int)
                        repeats.stream()
                                .filter(
                                        b -> {
                                            Ballot first = original(all, b);
                                            return first != null && answer(first) == answer(b);
                                        })
                                .count();
        int decisive = (int) votes.stream().filter(b -> !b.tie()).count();
        int left = (int) votes.stream().filter(b -> b.choice() == 1).count();
        long median = median(votes);
        List<String> reasons = new ArrayList<>();
        if (groups.leavesOut(slot)) {
            reasons.add(groups.reason(slot));
        }
        if (checks.size() >= MIN_CHECKS && passed * 3 < checks.size() * 2) {
            reasons.add("passed " + passed + " of " + checks.size() + " checks");
        }
        if (known >= MIN_REPEATS && alike * 3 < known) {
            reasons.add("answered " + alike + " of " + known + " repeats alike");
        }
        if (decisive >= MIN_VOTES && sided(votes, decisive, left)) {
            reasons.add("chose the first side in " + left + " of " + decisive + " votes");
        }
        boolean timed = plan.settings().minMillis() >= TIMED_MILLIS;
        if (timed
                && timed(votes) >= MIN_VOTES
                && median < plan.settings().minMillis() + FAST_MILLIS) {
            reasons.add("took " + median + " ms in half of the votes");
        }
        if (OutlierTest.flags(shares(votes))) {
            reasons.add("votes against the others");
        }
        return new RaterReport(
                "R" + (slot + 1),
                slot,
                votes.size(),
                passed,
                checks.size(),
                alike,
                known,
                left,
                decisive,
                median,
                reasons);
    }

    private static boolean sided(List<Ballot> votes, int decisive, int left) {
        int slots = votes.get(0).methods().size();
        return BinomialTest.twoSided(left, decisive, 1.0 / slots) < SIDE_ALPHA;
    }

    private static @org.jspecify.annotations.Nullable Ballot original(
            List<Ballot> all, Ballot repeat) {
        return all.stream()
                .filter(b -> b.is(Showing.Role.VOTE))
                .filter(b -> b.comparison().equals(repeat.comparison()))
                .findFirst()
                .orElse(null);
    }

    /** For each vote, the share of the others' votes that say the same, one added to each count. */
    private List<Double> shares(List<Ballot> votes) {
        List<Double> shares = new ArrayList<>();
        for (Ballot vote : votes) {
            Map<Integer, Integer> counts = answers.getOrDefault(vote.comparison(), Map.of());
            int all = counts.values().stream().mapToInt(Integer::intValue).sum();
            int same = counts.getOrDefault(answer(vote), 1);
            if (all >= OutlierTest.MIN_VOTES) {
                shares.add((double) same / all);
            }
        }
        return shares;
    }

    /** How many votes have a viewing time. */
    private static long timed(List<Ballot> votes) {
        return votes.stream().filter(b -> b.millis() != VoteRow.UNKNOWN_MILLIS).count();
    }

    private static long median(List<Ballot> votes) {
        long[] sorted =
                votes.stream()
                        .mapToLong(Ballot::millis)
                        .filter(millis -> millis != VoteRow.UNKNOWN_MILLIS)
                        .sorted()
                        .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
