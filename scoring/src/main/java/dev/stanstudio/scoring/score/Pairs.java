package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.metric.Draws;
import dev.stanstudio.scoring.metric.Holm;
import dev.stanstudio.scoring.metric.PairedTest;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.TrainingEstimate;
import dev.stanstudio.scoring.metric.TrainingMean;
import dev.stanstudio.scoring.score.Result.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The same prompt and seed by several methods. Pictures of trainings with the same label are pairs,
 * and a picture without a training is one with those of every training. At most {@value #MOST}
 * pairs are kept; of more, those with the smallest hashes, so that the choice does not depend on
 * the order.
 */
final class Pairs {
    /** Units kept, times trainings. */
    static final int MOST = 20_000;

    private static final String NO_TRAINING = "";

    /** The scores of one prompt and seed, by method and training. */
    private record Entry(
            long unit, String style, Map<String, Map<String, Map<String, Double>>> byMethod) {}

    /** Scores of two methods by the adapters of one training. */
    private record Pair(String training, Map<String, Double> a, Map<String, Double> b) {}

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Set<String> methods = new LinkedHashSet<>();
    private final Set<String> trainings = new LinkedHashSet<>();
    private final Draws.Source draws;

    Pairs(Draws.Source draws) {
        this.draws = draws;
    }

    void add(ListedPicture picture, Map<String, Double> scores) {
        methods.add(picture.method());
        String training = picture.trained() == null ? NO_TRAINING : picture.trained();
        trainings.add(training);
        String named = picture.style() == null ? "" : picture.style();
        long key = PoissonWeights.unit(named + "\n" + picture.unit());
        if (entries.size() >= most() && key > entries.lastKey()) {
            return;
        }
        entries.computeIfAbsent(
                        key,
                        k -> new Entry(PoissonWeights.unit(picture.unit()), named, new HashMap<>()))
                .byMethod()
                .computeIfAbsent(picture.method(), m -> new TreeMap<>())
                .putIfAbsent(training, scores);
        while (entries.size() > most()) {
            entries.pollLastEntry();
        }
    }

    /** Adds scores of a picture that was added before; nothing where it was not kept. */
    void extend(ListedPicture picture, Map<String, Double> more) {
        Entry entry =
                entries.get(
                        PoissonWeights.unit(
                                (picture.style() == null ? "" : picture.style())
                                        + "\n"
                                        + picture.unit()));
        if (entry != null) {
            String training = picture.trained() == null ? NO_TRAINING : picture.trained();
            entry.byMethod()
                    .computeIfAbsent(picture.method(), m -> new TreeMap<>())
                    .computeIfPresent(training, (t, scores) -> joined(scores, more));
        }
    }

    private static Map<String, Double> joined(Map<String, Double> a, Map<String, Double> b) {
        Map<String, Double> all = new LinkedHashMap<>(a);
        all.putAll(b);
        return all;
    }

    /** Returns the number of units kept, which only falls as trainings are met. */
    private int most() {
        return Math.max(1, MOST / trainings.size());
    }

    /** Every two methods in every metric, the later one less the earlier one. */
    List<Difference> differences(List<String> metrics) {
        List<Difference> all = new ArrayList<>();
        List<String> names = List.copyOf(methods);
        for (String metric : metrics) {
            for (int i = 0; i < names.size(); i++) {
                for (int j = i + 1; j < names.size(); j++) {
                    all.addAll(compare(metric, names.get(j), names.get(i)));
                }
            }
        }
        return all;
    }

    private static List<Pair> pairs(Entry entry, String method, String than) {
        Map<String, Map<String, Double>> a = entry.byMethod().getOrDefault(method, Map.of());
        Map<String, Map<String, Double>> b = entry.byMethod().getOrDefault(than, Map.of());
        List<Pair> pairs = new ArrayList<>();
        for (String training : a.keySet()) {
            Map<String, Double> same = b.get(training);
            Map<String, Double> other = same == null ? b.get(NO_TRAINING) : same;
            if (other != null) {
                pairs.add(new Pair(training, a.getOrDefault(training, Map.of()), other));
            }
        }
        Map<String, Double> plain = a.get(NO_TRAINING);
        for (String training : b.keySet()) {
            if (plain != null && !a.containsKey(training)) {
                pairs.add(new Pair(training, plain, b.getOrDefault(training, Map.of())));
            }
        }
        if (pairs.isEmpty() && a.size() == 1 && b.size() == 1) {
            String both = a.keySet().iterator().next() + "\n" + b.keySet().iterator().next();
            pairs.add(new Pair(both, a.values().iterator().next(), b.values().iterator().next()));
        }
        return pairs;
    }

    private List<Difference> compare(String metric, String method, String than) {
        Map<String, List<double[]>> byStyle = new TreeMap<>();
        Map<String, TrainingMean> means = new LinkedHashMap<>();
        for (Entry entry : entries.values()) {
            for (Pair pair : pairs(entry, method, than)) {
                Double a = pair.a().get(metric);
                Double b = pair.b().get(metric);
                if (a == null || b == null) {
                    continue;
                }
                String training = pair.training().isEmpty() ? null : pair.training();
                Draws often = draws.of(entry.unit(), training);
                for (String style : List.of("", entry.style())) {
                    means.computeIfAbsent(style, s -> new TrainingMean(draws.replicates()))
                            .add(a - b, often);
                    byStyle.computeIfAbsent(style, s -> new ArrayList<>()).add(new double[] {a, b});
                    if (entry.style().isEmpty()) {
                        break;
                    }
                }
            }
        }
        Map<String, TrainingEstimate> estimates = new TreeMap<>();
        means.forEach((style, mean) -> estimates.put(style, mean.estimate()));
        return adjusted(metric, method, than, byStyle, estimates);
    }

    private static List<Difference> adjusted(
            String metric,
            String method,
            String than,
            Map<String, List<double[]>> byStyle,
            Map<String, TrainingEstimate> estimates) {
        Map<String, Double> chances = new LinkedHashMap<>();
        estimates.forEach(
                (style, mean) ->
                        chances.put(
                                style,
                                mean.trainings() < 2
                                        ? chance(byStyle.getOrDefault(style, List.of()))
                                        : Double.valueOf(mean.p())));
        List<String> tested = new ArrayList<>();
        List<Double> family = new ArrayList<>();
        chances.forEach(
                (style, p) -> {
                    if (!style.isEmpty() && !p.isNaN()) {
                        tested.add(style);
                        family.add(p);
                    }
                });
        double[] holm = Holm.adjust(family);
        List<Difference> list = new ArrayList<>();
        estimates.forEach(
                (style, mean) -> {
                    int rank = tested.indexOf(style);
                    double p = chances.getOrDefault(style, Double.NaN);
                    list.add(
                            new Difference(
                                    metric,
                                    method,
                                    than,
                                    style.isEmpty() ? null : style,
                                    mean.estimate(),
                                    Double.isNaN(p) ? null : p,
                                    rank < 0 ? null : holm[rank],
                                    Trainings.of(mean)));
                });
        return list;
    }

    private static double chance(List<double[]> pairs) {
        return PairedTest.p(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    }
}
