package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.stats.BradleyTerry;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.Jackknife;
import dev.stanstudio.web.study.stats.Luce;
import dev.stanstudio.web.study.stats.PairCounts;
import dev.stanstudio.web.study.stats.Proportions;
import dev.stanstudio.web.study.stats.RaterVotes;
import dev.stanstudio.web.study.stats.SignFlips;
import dev.stanstudio.web.study.stats.Strengths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Computes the result of one question from its ballots. */
final class QuestionAnalysis {
    static final double CONFIDENCE = 0.95;

    /** At or below this p a fixed number of votes gives a verdict. */
    static final double LEVEL = 0.05;

    /** Keeps strengths finite if a method never loses. */
    private static final double RIDGE = 0.1;

    private final StudyPlan plan;
    private final List<String> names;
    private final List<Ballot> ballots;
    private final Verdicts verdicts;
    private final int question;
    private final boolean pairs;

    QuestionAnalysis(
            StudyPlan plan,
            List<String> names,
            List<Ballot> ballots,
            Verdicts verdicts,
            int question) {
        this.plan = plan;
        this.names = names;
        this.ballots = ballots;
        this.verdicts = verdicts;
        this.question = question;
        this.pairs = plan.settings().arrangement() == StudySettings.Arrangement.PAIRS;
    }

    QuestionResult result(String text) {
        List<Comparison> comparisons = verdicts.table(ballots, question, names, true);
        return new QuestionResult(
                text,
                ballots.size(),
                ballots.stream().filter(Ballot::tie).count(),
                comparisons,
                methods(comparisons),
                model(),
                styles(),
                RaterAgreement.of(ballots));
    }

    private String model() {
        boolean exists =
                pairs ? counts(ballots).connected(true) : luce(ballots).fit(false).isPresent();
        String name = pairs ? "Bradley–Terry, ties as half a win for each" : "Luce's choice rule";
        return exists
                ? name
                : """
                %s, held together by a weak prior (ridge %s) since some method never wins or never \
                loses\
                """
                        .formatted(name, RIDGE);
    }

    private List<MethodRow> methods(List<Comparison> comparisons) {
        Strengths fit = fit(ballots);
        List<Interval> intervals = strengthIntervals();
        List<MethodRow> rows = new ArrayList<>();
        for (int m = 0; m < names.size(); m++) {
            int method = m;
            List<Ballot> own = ballots.stream().filter(b -> !b.tie() && b.shows(method)).toList();
            long picks = own.stream().filter(b -> b.picked() == method).count();
            rows.add(
                    new MethodRow(
                            names.get(m),
                            picks,
                            own.size(),
                            new SignFlips(byRater(own, method)).interval(CONFIDENCE),
                            Proportions.wilson(picks, own.size(), CONFIDENCE),
                            fit.logStrengths().get(m),
                            fit.elo(m),
                            intervals.get(m),
                            RankSet.of(names.get(m), comparisons, names.size())));
        }
        rows.sort(Comparator.comparingDouble(MethodRow::strength).reversed());
        return rows;
    }

    private static List<RaterVotes> byRater(List<Ballot> own, int method) {
        Map<Integer, double[]> sums = new TreeMap<>();
        for (Ballot ballot : own) {
            double[] sum = sums.computeIfAbsent(ballot.rater(), r -> new double[2]);
            sum[0] += ballot.picked() == method ? 1 : 0;
            sum[1]++;
        }
        return sums.values().stream().map(sum -> new RaterVotes(sum[0], sum[1])).toList();
    }

    private List<Interval> strengthIntervals() {
        List<Integer> raters = ballots.stream().map(Ballot::rater).distinct().toList();
        List<String> prompts = ballots.stream().map(this::prompt).distinct().toList();
        if (raters.size() < SignFlips.LEAST) {
            return names.stream().map(name -> Interval.NONE).toList();
        }
        return Jackknife.intervals(
                raters.size(),
                prompts.size(),
                (rater, prompt) -> {
                    List<Ballot> left = ballots;
                    if (rater != Jackknife.NOBODY) {
                        int gone = raters.get(rater);
                        left = left.stream().filter(b -> b.rater() != gone).toList();
                    }
                    if (prompt != Jackknife.NOBODY) {
                        String gone = prompts.get(prompt);
                        left = left.stream().filter(b -> !prompt(b).equals(gone)).toList();
                    }
                    return fit(left).logStrengths();
                },
                CONFIDENCE);
    }

    private Strengths fit(List<Ballot> among) {
        if (!pairs) {
            Luce luce = luce(among);
            return luce.fit(false).orElseGet(() -> luce.ridge(false, RIDGE));
        }
        PairCounts counts = counts(among);
        return BradleyTerry.fit(counts, BradleyTerry.Ties.HALF)
                .orElseGet(() -> BradleyTerry.ridge(counts, RIDGE));
    }

    private PairCounts counts(List<Ballot> among) {
        PairCounts counts = new PairCounts(names.size());
        for (Ballot ballot : among) {
            int a = ballot.methods().get(0);
            int b = ballot.methods().get(1);
            if (ballot.tie()) {
                counts.tie(a, b, 1);
            } else {
                counts.win(ballot.picked(), ballot.picked() == a ? b : a, 1);
            }
        }
        return counts;
    }

    private Luce luce(List<Ballot> among) {
        Luce luce = new Luce(names.size());
        for (Ballot ballot : among) {
            if (!ballot.tie()) {
                luce.pick(ballot.methods(), ballot.picked(), 1);
            }
        }
        return luce;
    }

    private String prompt(Ballot ballot) {
        return plan.cells().get(ballot.cell()).prompt();
    }

    private Map<String, List<Comparison>> styles() {
        Map<String, List<Ballot>> byStyle = new TreeMap<>();
        for (Ballot ballot : ballots) {
            String style = plan.cells().get(ballot.cell()).style();
            byStyle.computeIfAbsent(style, s -> new ArrayList<>()).add(ballot);
        }
        Map<String, List<Comparison>> styles = new LinkedHashMap<>();
        if (byStyle.size() > 1) {
            byStyle.forEach(
                    (style, own) -> styles.put(style, verdicts.table(own, question, names, false)));
        }
        return styles;
    }
}
