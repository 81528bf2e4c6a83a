package dev.stanstudio.web.study.result;

import dev.stanstudio.scoring.metric.Holm;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.Fragility;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.Proportions;
import dev.stanstudio.web.study.stats.RaterVotes;
import dev.stanstudio.web.study.stats.SignFlips;
import dev.stanstudio.web.study.stats.TwoWayClusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares two methods. A study for a fixed number of votes is judged by its share of decisive
 * votes over raters. One that may end early is judged by its sequence alone, since nothing else
 * allows for its having been watched.
 *
 * @param standing whether the result may be a verdict
 */
record Verdicts(
        StudyPlan plan, Sequences sequences, Set<Integer> trusted, Headline.Standing standing) {
    /** A compared pair of methods. */
    record Pair(int question, int a, int b) {}

    /** A comparison with its votes, before the correction for the other comparisons. */
    private record Draft(Comparison comparison, List<RaterVotes> raters) {}

    /**
     * Every pair of methods with votes, the clearest first.
     *
     * @param whole whether the ballots are all of the question, rather than those of one style
     */
    List<Comparison> table(List<Ballot> ballots, int question, List<String> names, boolean whole) {
        List<Draft> drafts = new ArrayList<>();
        for (int a = 0; a < names.size(); a++) {
            for (int b = a + 1; b < names.size(); b++) {
                Pair pair = new Pair(question, a, b);
                List<Ballot> both =
                        ballots.stream()
                                .filter(v -> v.shows(pair.a()) && v.shows(pair.b()))
                                .toList();
                if (!both.isEmpty()) {
                    drafts.add(draft(both, pair, names, whole));
                }
            }
        }
        drafts.sort(Comparator.comparingDouble((Draft d) -> d.comparison().share()).reversed());
        double[] adjusted =
                Holm.adjust(drafts.stream().map(d -> d.comparison().headline().p()).toList());
        List<Comparison> table = new ArrayList<>();
        for (int i = 0; i < adjusted.length; i++) {
            table.add(finished(drafts.get(i), adjusted[i]));
        }
        return table;
    }

    private boolean sequential() {
        return plan.settings().stop().kind() == StoppingRule.Kind.SEQUENCE;
    }

    private Draft draft(List<Ballot> both, Pair pair, List<String> names, boolean whole) {
        // Of one style alone no sequence is kept.
        Anytime anytime =
                whole
                        ? sequences.anytime(pair.question(), pair.a(), pair.b(), trusted)
                        : Anytime.NOTHING;
        long winsA = both.stream().filter(v -> !v.tie() && v.picked() == pair.a()).count();
        long winsB = both.stream().filter(v -> !v.tie() && v.picked() == pair.b()).count();
        boolean turned =
                (sequential() && whole && anytime.raters() > 0)
                        ? anytime.mean() < 0.5
                        : winsB > winsA;
        int leader = turned ? pair.b() : pair.a();
        int other = turned ? pair.a() : pair.b();
        long wins = turned ? winsB : winsA;
        long losses = turned ? winsA : winsB;
        Anytime own = turned ? anytime.turned() : anytime;
        List<RaterVotes> raters = byRater(both, leader, other);
        Comparison comparison =
                new Comparison(
                        names.get(leader),
                        names.get(other),
                        wins,
                        losses,
                        both.stream().filter(Ballot::tie).count(),
                        headline(raters, own, whole),
                        overPrompts(both, leader, other),
                        own,
                        Proportions.wilson(wins, wins + losses, QuestionAnalysis.CONFIDENCE),
                        BinomialTest.sign((int) wins, (int) losses),
                        new Fragility(0, 0, 0));
        return new Draft(comparison, raters);
    }

    private Headline headline(List<RaterVotes> raters, Anytime anytime, boolean whole) {
        if (sequential() && whole && standing == Headline.Standing.VERDICT) {
            return new Headline(
                    Headline.Basis.SEQUENCE,
                    anytime.raters(),
                    anytime.mean(),
                    anytime.interval(),
                    anytime.p(),
                    anytime.p(),
                    plan.settings().stop().alpha(),
                    standing);
        }
        // A test that was not fixed beforehand is shown beside the sequence and decides nothing.
        return flipped(raters, sequential() ? Headline.Standing.ASIDE : standing);
    }

    private static Headline flipped(List<RaterVotes> raters, Headline.Standing standing) {
        SignFlips flips = new SignFlips(raters);
        double p = flips.p(0.5);
        return new Headline(
                Headline.Basis.SIGN_FLIPS,
                flips.raters(),
                flips.share(),
                flips.interval(QuestionAnalysis.CONFIDENCE),
                p,
                p,
                QuestionAnalysis.LEVEL,
                standing);
    }

    private static Comparison finished(Draft draft, double adjusted) {
        Comparison c = draft.comparison();
        Headline headline = c.headline().withAdjusted(adjusted);
        Fragility fragility =
                Fragility.of(
                        c.wins(),
                        c.losses(),
                        draft.raters(),
                        left -> headline.decided() && decidedBy(left, headline));
        return c.with(headline, fragility);
    }

    /** Returns whether these of a headline's raters would give a verdict by themselves. */
    private static boolean decidedBy(List<RaterVotes> left, Headline all) {
        if (all.basis() != Headline.Basis.SIGN_FLIPS) {
            return false;
        }
        Headline own = flipped(left, all.standing());
        return own.withAdjusted(own.p() * all.adjusted() / all.p()).decided();
    }

    private static List<RaterVotes> byRater(List<Ballot> both, int leader, int other) {
        Map<Integer, double[]> sums = new TreeMap<>();
        for (Ballot ballot : both) {
            if (ballot.decides(leader, other)) {
                double[] sum = sums.computeIfAbsent(ballot.rater(), r -> new double[2]);
                sum[0] += ballot.picked() == leader ? 1 : 0;
                sum[1]++;
            }
        }
        return sums.values().stream().map(sum -> new RaterVotes(sum[0], sum[1])).toList();
    }

    private Interval overPrompts(List<Ballot> both, int leader, int other) {
        Map<String, Integer> prompts = new HashMap<>();
        List<TwoWayClusters.Vote> votes = new ArrayList<>();
        Set<Integer> raters = new HashSet<>();
        for (Ballot ballot : both) {
            if (ballot.decides(leader, other)) {
                String prompt = plan.cells().get(ballot.cell()).prompt();
                prompts.putIfAbsent(prompt, prompts.size());
                raters.add(ballot.rater());
                votes.add(
                        new TwoWayClusters.Vote(
                                ballot.rater(),
                                prompts.getOrDefault(prompt, 0),
                                ballot.picked() == leader ? 1 : 0));
            }
        }
        if (raters.size() < SignFlips.LEAST) {
            return Interval.NONE;
        }
        // A claim about more cannot be firmer than one about the raters alone.
        return TwoWayClusters.interval(votes, QuestionAnalysis.CONFIDENCE)
                .hull(
                        new SignFlips(byRater(both, leader, other))
                                .interval(QuestionAnalysis.CONFIDENCE));
    }
}
