package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.Holm;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One sentence about the methods of a metric, from differences on pairs where they were tested, and
 * from intervals that do not meet where they were not.
 */
final class Verdict {
    private static final String PAIRS = "of the same prompt, style and seed";

    private final String verb;
    private final boolean smaller;
    private final boolean tested;
    private final List<String> ranked;
    private final Map<String, Estimate> values;
    private final List<Comparison> comparisons;

    /**
     * @param ranked methods with enough pictures, the one with most of what is asked first
     * @param values their means
     */
    Verdict(
            Question question,
            String metric,
            boolean smaller,
            List<String> ranked,
            Map<String, Estimate> values,
            List<Result.Difference> differences) {
        this.verb = MetricWords.verb(question, metric);
        this.smaller = smaller;
        this.tested = question.isTested(metric);
        this.ranked = ranked;
        this.values = values;
        List<Result.Difference> own =
                differences.stream()
                        .filter(d -> d.metric().equals(metric) && d.style() == null)
                        .filter(d -> ranked.contains(d.method()) && ranked.contains(d.than()))
                        .toList();
        this.comparisons = adjusted(own, smaller);
    }

    private static List<Comparison> adjusted(List<Result.Difference> own, boolean smaller) {
        List<Double> p = new ArrayList<>();
        for (Result.Difference d : own) {
            Double chance = d.p();
            if (chance != null) {
                p.add(chance);
            }
        }
        double[] holm = Holm.adjust(p);
        List<Comparison> list = new ArrayList<>();
        int next = 0;
        for (Result.Difference d : own) {
            list.add(Comparison.of(d, smaller, d.p() == null ? null : holm[next++]));
        }
        return list;
    }

    /** Returns the comparisons in words. */
    List<String> lines() {
        return comparisons.stream().map(c -> c.line(verb)).toList();
    }

    /** Returns a sentence for each comparison whose interval and test disagree. */
    List<String> conflicts() {
        return comparisons.stream().map(Comparison::conflict).filter(s -> !s.isEmpty()).toList();
    }

    String sentence() {
        if (ranked.isEmpty()) {
            return "Too few pictures to tell.";
        }
        if (ranked.size() == 1) {
            return "Only %s has enough pictures, so there is nothing to compare it with."
                    .formatted(MethodNames.shown(ranked.get(0)));
        }
        return tested ? byPairs() : byIntervals();
    }

    private String byPairs() {
        String leader = ranked.get(0);
        List<String> behind = new ArrayList<>();
        List<String> close = new ArrayList<>();
        List<Comparison> own = new ArrayList<>();
        for (String other : ranked.subList(1, ranked.size())) {
            Comparison c =
                    comparisons.stream()
                            .filter(d -> d.isOf(leader, other))
                            .findFirst()
                            .orElse(null);
            if (c != null) {
                own.add(c);
            }
            boolean ahead = c != null && c.isClear() && c.more().equals(leader);
            (ahead ? behind : close).add(other);
        }
        if (own.isEmpty()) {
            return "Nothing can be tested: no two methods have pictures " + PAIRS + ".";
        }
        if (behind.isEmpty()) {
            return close(leader, close, own);
        }
        String clear =
                "%s %s %s; %s larger than chance explains, over %s %s."
                        .formatted(
                                MethodNames.subject(leader),
                                verb,
                                Words.methods(behind),
                                behind.size() == 1 ? "the difference is" : "each difference is",
                                pairs(own),
                                PAIRS + trainings(own));
        return close.isEmpty()
                ? clear
                : clear + " From " + Words.methods(close) + " it is too close to tell.";
    }

    private static String close(String leader, List<String> close, List<Comparison> own) {
        boolean few = own.stream().noneMatch(Comparison::isTested);
        if (few) {
            return "Too few pairs of pictures %s differ to test anything (%s)."
                    .formatted(PAIRS, pairs(own));
        }
        return "Too close to tell %s from %s with %s of pictures %s."
                .formatted(
                        MethodNames.shown(leader),
                        Words.methods(close),
                        pairs(own),
                        PAIRS + trainings(own));
    }

    /** Returns the trainings behind the tests; one is told with the warnings. */
    private static String trainings(List<Comparison> own) {
        int least = own.stream().mapToInt(Comparison::trainings).min().orElse(0);
        return least < 2 ? "" : " by " + least + " trainings of each method";
    }

    private static String pairs(List<Comparison> own) {
        long least = own.stream().mapToLong(c -> c.difference().n()).min().orElse(0);
        long most = own.stream().mapToLong(c -> c.difference().n()).max().orElse(0);
        return least == most
                ? Words.count(most, "pair", "pairs")
                : least + " to " + Words.count(most, "pair", "pairs");
    }

    private String byIntervals() {
        String leader = ranked.get(0);
        List<String> behind =
                ranked.stream().skip(1).filter(other -> isApart(leader, other)).toList();
        List<String> close =
                ranked.stream().skip(1).filter(other -> !isApart(leader, other)).toList();
        String pictures = Words.pictures(least());
        if (behind.isEmpty()) {
            return "Too close to tell %s from %s with %s of a method: their intervals overlap."
                    .formatted(MethodNames.shown(leader), Words.methods(close), pictures);
        }
        String clear =
                "%s %s %s: their intervals do not overlap, with %s of a method or more."
                        .formatted(
                                MethodNames.subject(leader), verb, Words.methods(behind), pictures);
        return close.isEmpty()
                ? clear
                : clear + " From " + Words.methods(close) + " it is too close to tell.";
    }

    private long least() {
        return values.values().stream().mapToLong(Estimate::n).min().orElse(0);
    }

    /** Returns whether the interval of {@code a} lies beyond that of {@code b}. */
    boolean isApart(String a, String b) {
        Estimate one = values.get(a);
        Estimate other = values.get(b);
        if (one == null || other == null) {
            return false;
        }
        Double inner = smaller ? one.high() : one.low();
        Double outer = smaller ? other.low() : other.high();
        return inner != null && outer != null && (smaller ? inner < outer : inner > outer);
    }
}
