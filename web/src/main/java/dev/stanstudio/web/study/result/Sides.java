package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.RaterVotes;
import dev.stanstudio.web.study.stats.SignFlips;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Counts of how often each slot was chosen in decisive votes, over all questions.
 *
 * @param chosen votes for each slot
 * @param raters with decisive votes
 * @param first interval of the first slot's share over raters, 95 %
 * @param p whether that share is one of so many slots, over raters
 * @param naiveP the exact binomial test of it, as if votes were independent
 */
public record Sides(List<Long> chosen, int raters, Interval first, double p, double naiveP) {
    /** Copies the list. */
    public Sides {
        chosen = List.copyOf(chosen);
    }

    static Sides of(StudyPlan plan, List<Ballot> ballots) {
        int slots =
                plan.raters().get(0).stream().mapToInt(s -> s.pictures().size()).max().orElse(2);
        List<Long> chosen =
                IntStream.rangeClosed(1, slots)
                        .mapToObj(slot -> ballots.stream().filter(b -> b.choice() == slot).count())
                        .toList();
        Map<Integer, List<Ballot>> byRater = new TreeMap<>();
        for (Ballot ballot : ballots) {
            if (!ballot.tie()) {
                byRater.computeIfAbsent(ballot.rater(), r -> new ArrayList<>()).add(ballot);
            }
        }
        SignFlips flips =
                new SignFlips(
                        byRater.values().stream()
                                .map(
                                        own ->
                                                new RaterVotes(
                                                        own.stream()
                                                                .filter(b -> b.choice() == 1)
                                                                .count(),
                                                        own.size()))
                                .toList());
        double even = 1.0 / slots;
        int all = (int) chosen.stream().mapToLong(Long::longValue).sum();
        return new Sides(
                chosen,
                flips.raters(),
                flips.interval(QuestionAnalysis.CONFIDENCE),
                flips.p(even),
                all == 0 ? 1 : BinomialTest.twoSided(chosen.get(0).intValue(), all, even));
    }

    /** Decisive votes. */
    public long decisive() {
        return chosen.stream().mapToLong(Long::longValue).sum();
    }
}
