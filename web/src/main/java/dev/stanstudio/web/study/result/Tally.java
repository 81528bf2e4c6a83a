package dev.stanstudio.web.study.result;

import dev.stanstudio.scoring.stats.Holm;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.stats.Agreement;
import dev.stanstudio.web.study.stats.BinomialTest;
import dev.stanstudio.web.study.stats.BradleyTerry;
import dev.stanstudio.web.study.stats.ClusterBootstrap;
import dev.stanstudio.web.study.stats.ConfidenceSequence;
import dev.stanstudio.web.study.stats.Fragility;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.Luce;
import dev.stanstudio.web.study.stats.PairCounts;
import dev.stanstudio.web.study.stats.Proportions;
import dev.stanstudio.web.study.stats.Strengths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Counts the ballots of one question. */
final class Tally {
    static final double CONFIDENCE = 0.95;
    static final int RESAMPLES = 400;

    /** Holds strengths together where a method never loses. */
    private static final double RIDGE = 0.1;

    private final StudyPlan plan;
    private final List<String> names;
    private final List<Ballot> ballots;
    private final boolean pairs;

    Tally(StudyPlan plan, List<String> names, List<Ballot> ballots) {
        this.plan = plan;
        this.names = names;
        this.ballots = ballots;
        this.pairs = plan.settings().arrangement() == StudySettings.Arrangement.PAIRS;
    }

    QuestionResult result(String question) {
        boolean exists =
                !pairs ? luce(b -> 1).fit(false).isPresent() : counts(b -> 1).connected(true);
        return new QuestionResult(
                question,
                ballots.size(),
                ballots.stream().filter(Ballot::tie).count(),
                comparisons(ballots, true),
                methods(),
                model(exists),
                styles(),
                krippendorff(),
                fleiss());
    }

    private String model(boolean exists) {
        String name = pairs ? "Bradley–Terry, ties as half a win for each" : "Luce's choice rule";
        return exists
                ? name
                : name
                        + ", held together by a weak prior (ridge "
                        + RIDGE
                        + ") since some method never wins or never loses";
    }

    // Pairs of methods

    private List<Comparison> comparisons(List<Ballot> among, boolean clustered) {
        List<Comparison> all = new ArrayList<>();
        for (int a = 0; a < names.size(); a++) {
            for (int b = a + 1; b < names.size(); b++) {
                comparison(among, a, b, clustered).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparingDouble(Comparison::share).reversed());
        double[] adjusted = Holm.adjust(all.stream().map(Comparison::p).toList());
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i).withAdjusted(adjusted[i]))
                .toList();
    }

    private Optional<Comparison> comparison(List<Ballot> among, int a, int b, boolean clustered) {
        List<Ballot> both =
                among.stream()
                        .filter(v -> v.methods().contains(a) && v.methods().contains(b))
                        .toList();
        long winsA = both.stream().filter(v -> !v.tie() && v.picked() == a).count();
        long winsB = both.stream().filter(v -> !v.tie() && v.picked() == b).count();
        if (both.isEmpty()) {
            return Optional.empty();
        }
        int leader = winsB > winsA ? b : a;
        int other = leader == a ? b : a;
        long wins = Math.max(winsA, winsB);
        long losses = Math.min(winsA, winsB);
        Interval bootstrap =
                clustered && wins + losses > 0
                        ? bootstrap(both, weight -> List.of(share(both, leader, other, weight)))
                                .get(0)
                        : Proportions.wilson(wins, wins + losses, CONFIDENCE);
        return Optional.of(
                new Comparison(
                        names.get(leader),
                        names.get(other),
                        wins,
                        losses,
                        both.stream().filter(Ballot::tie).count(),
                        Proportions.wilson(wins, wins + losses, CONFIDENCE),
                        bootstrap,
                        ConfidenceSequence.interval(wins, losses, plan.settings().stop().alpha()),
                        BinomialTest.sign((int) wins, (int) losses),
                        1,
                        Fragility.of(wins, losses, CONFIDENCE)));
    }

    private static double share(
            List<Ballot> both, int leader, int other, ToDoubleFunction<Ballot> weight) {
        double won = 0;
        double all = 0;
        for (Ballot ballot : both) {
            if (!ballot.tie() && (ballot.picked() == leader || ballot.picked() == other)) {
                double w = weight.applyAsDouble(ballot);
                all += w;
                won += ballot.picked() == leader ? w : 0;
            }
        }
        return won / all;
    }

    // Strengths of all methods

    private List<MethodRow> methods() {
        Strengths fit = fit(b -> 1);
        List<Interval> intervals = bootstrap(ballots, weight -> fit(weight).logStrengths());
        List<MethodRow> rows = new ArrayList<>();
        for (int m = 0; m < names.size(); m++) {
            int method = m;
            long shown =
                    ballots.stream().filter(b -> !b.tie() && b.methods().contains(method)).count();
            long picks = ballots.stream().filter(b -> !b.tie() && b.picked() == method).count();
            rows.add(
                    new MethodRow(
                            names.get(m),
                            picks,
                            shown,
                            Proportions.wilson(picks, shown, CONFIDENCE),
                            fit.logStrengths().get(m),
                            fit.elo(m),
                            intervals.get(m)));
        }
        rows.sort(Comparator.comparingDouble(MethodRow::strength).reversed());
        return rows;
    }

    private Strengths fit(ToDoubleFunction<Ballot> weight) {
        if (!pairs) {
            Luce luce = luce(weight);
            return luce.fit(false).orElseGet(() -> luce.ridge(false, RIDGE));
        }
        PairCounts counts = counts(weight);
        return BradleyTerry.fit(counts, BradleyTerry.Ties.HALF)
                .orElseGet(() -> BradleyTerry.ridge(counts, RIDGE));
    }

    private PairCounts counts(ToDoubleFunction<Ballot> weight) {
        PairCounts counts = new PairCounts(names.size());
        for (Ballot ballot : ballots) {
            int a = ballot.methods().get(0);
            int b = ballot.methods().get(1);
            double w = weight.applyAsDouble(ballot);
            if (ballot.tie()) {
                counts.tie(a, b, w);
            } else {
                counts.win(ballot.picked(), ballot.picked() == a ? b : a, w);
            }
        }
        return counts;
    }

    private Luce luce(ToDoubleFunction<Ballot> weight) {
        Luce luce = new Luce(names.size());
        for (Ballot ballot : ballots) {
            if (!ballot.tie()) {
                luce.pick(ballot.methods(), ballot.picked(), weight.applyAsDouble(ballot));
            }
        }
        return luce;
    }

    // Over raters and prompts

    private List<Interval> bootstrap(
            List<Ballot> among,
            java.util.function.Function<ToDoubleFunction<Ballot>, List<Double>> statistic) {
        Map<Integer, Integer> raters = numbered(among.stream().map(Ballot::rater).toList());
        Map<String, Integer> prompts = numbered(among.stream().map(this::prompt).toList());
        if (among.isEmpty()) {
            return statistic.apply(b -> 1).stream()
                    .map(value -> new Interval(Double.NaN, Double.NaN))
                    .toList();
        }
        return new ClusterBootstrap(
                        raters.size(), prompts.size(), RESAMPLES, plan.settings().seed())
                .intervals(
                        weights ->
                                statistic.apply(
                                        ballot ->
                                                weights.of(
                                                        raters.getOrDefault(ballot.rater(), 0),
                                                        prompts.getOrDefault(prompt(ballot), 0))),
                        CONFIDENCE);
    }

    private String prompt(Ballot ballot) {
        return plan.cells().get(ballot.cell()).prompt();
    }

    private static <T> Map<T, Integer> numbered(List<T> values) {
        Map<T, Integer> numbers = new LinkedHashMap<>();
        values.forEach(value -> numbers.putIfAbsent(value, numbers.size()));
        return numbers;
    }

    private Map<String, List<Comparison>> styles() {
        Map<String, List<Ballot>> byStyle = new TreeMap<>();
        for (Ballot ballot : ballots) {
            String style = plan.cells().get(ballot.cell()).style();
            byStyle.computeIfAbsent(style, s -> new ArrayList<>()).add(ballot);
        }
        Map<String, List<Comparison>> styles = new LinkedHashMap<>();
        if (byStyle.size() > 1) {
            byStyle.forEach((style, own) -> styles.put(style, comparisons(own, false)));
        }
        return styles;
    }

    // Agreement

    private Map<List<Integer>, List<Integer>> answers() {
        Map<List<Integer>, List<Integer>> answers = new LinkedHashMap<>();
        for (Ballot ballot : ballots) {
            answers.computeIfAbsent(ballot.comparison(), c -> new ArrayList<>())
                    .add(ballot.tie() ? -1 : ballot.picked());
        }
        return answers;
    }

    private OptionalDouble krippendorff() {
        return Agreement.krippendorff(answers().values());
    }

    private OptionalDouble fleiss() {
        Map<Integer, List<List<Integer>>> bySize = new TreeMap<>();
        for (List<Integer> unit : answers().values()) {
            if (unit.size() > 1) {
                bySize.computeIfAbsent(unit.size(), s -> new ArrayList<>()).add(unit);
            }
        }
        List<List<Integer>> commonest =
                bySize.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
        return Agreement.fleiss(
                commonest.stream()
                        .map(
                                unit ->
                                        IntStream.range(-1, names.size())
                                                .mapToObj(
                                                        c ->
                                                                (int)
                                                                        unit.stream()
                                                                                .filter(v -> v == c)
                                                                                .count())
                                                .toList())
                        .toList());
    }
}
