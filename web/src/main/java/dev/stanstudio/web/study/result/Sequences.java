package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.stats.BettingSequence;
import dev.stanstudio.web.study.store.RaterGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The sequences of raters' mean scores between two methods. A rater enters once, when the place is
 * closed; one who fails a rule about own answers alone never does. Raters who vote against the
 * others are told by comparing with them, which a sequence cannot allow for: so a study ends only
 * when it is decided, the same way, both with them and without them. The sequence with them keeps
 * the error; the one without them keeps votes that are left out from ending a study.
 */
final class Sequences {
    private final StudyPlan plan;
    private final RaterGroups groups;
    private final List<Replay.Entry> entered = new ArrayList<>();
    private final BettingSequence first;

    Sequences(StudyPlan plan, RaterGroups groups) {
        this.plan = plan;
        this.groups = groups;
        this.first = new BettingSequence(plan.settings().stop().alpha());
    }

    /** Takes the next rater whose place was closed. */
    void add(Replay.Entry entry) {
        if (Screening.passesAlone(plan, entry.ballots())) {
            entered.add(entry);
            double[] scores = scores(entry, 0, 0, 1);
            if (scores.length > 0) {
                first.add(Arrays.stream(scores).average().orElseThrow());
            }
        }
    }

    /** The raters, in the order in which they entered. */
    List<Integer> raters() {
        return entered.stream().map(Replay.Entry::rater).toList();
    }

    /**
     * Whether a study of two methods and one question is decided.
     *
     * @param ballots everything that stands
     */
    boolean decided(Supplier<List<Ballot>> ballots) {
        // Screening takes longer, and cannot turn an open sequence into a decided one.
        return first.decided()
                && anytime(0, 0, 1, trusted(ballots.get())).p() <= plan.settings().stop().alpha();
    }

    /** Raters whose votes count. */
    private Set<Integer> trusted(List<Ballot> ballots) {
        return Screening.of(plan, ballots, groups).stream()
                .filter(RaterReport::counts)
                .map(RaterReport::slot)
                .collect(Collectors.toSet());
    }

    /** What both sequences say of {@code first} against {@code second}. */
    Anytime anytime(int question, int first, int second, Set<Integer> trusted) {
        BettingSequence all = sequence(question, first, second, rater -> true);
        BettingSequence without = sequence(question, first, second, trusted::contains);
        boolean alike = (all.mean() > 0.5) == (without.mean() > 0.5);
        return new Anytime(
                without.raters(),
                without.mean(),
                all.interval().hull(without.interval()),
                alike ? Math.max(all.p(), without.p()) : 1);
    }

    private BettingSequence sequence(int question, int first, int second, IntPredicate wanted) {
        List<Double> scores =
                entered.stream()
                        .filter(entry -> wanted.test(entry.rater()))
                        .map(entry -> scores(entry, question, first, second))
                        .filter(own -> own.length > 0)
                        .map(own -> Arrays.stream(own).average().orElseThrow())
                        .toList();
        return BettingSequence.of(plan.settings().stop().alpha(), scores);
    }

    private static double[] scores(Replay.Entry entry, int question, int first, int second) {
        return entry.ballots().stream()
                .filter(b -> b.is(Showing.Role.VOTE) && b.showing().question() == question)
                .filter(b -> b.shows(first) && b.shows(second))
                .mapToDouble(b -> b.score(first, second))
                .toArray();
    }
}
