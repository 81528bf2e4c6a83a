package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.Holm;
import dev.stanstudio.scoring.metric.PairedTest;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.ResampledMean;
import dev.stanstudio.scoring.score.Result.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The same prompt and seed by several methods. At most {@value #MOST} pairs are kept; of more,
 * those with the smallest hashes, so that the choice does not depend on the order.
 */
final class Pairs {
    /** Units kept. */
    static final int MOST = 20_000;

    private record Entry(long unit, String style, Map<String, Map<String, Double>> byMethod) {}

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Set<String> methods = new LinkedHashSet<>();
    private final PoissonWeights weights;

    Pairs(PoissonWeights weights) {
        this.weights = weights;
    }

    void add(String method, @Nullable String style, String unit, Map<String, Double> scores) {
        methods.add(method);
        String named = style == null ? "" : style;
        long key = PoissonWeights.unit(named + "\n" + unit);
        if (entries.size() == MOST && key > entries.lastKey()) {
            return;
        }
        entries.computeIfAbsent(
                        key, k -> new Entry(PoissonWeights.unit(unit), named, new HashMap<>()))
                .byMethod()
                .putIfAbsent(method, scores);
        if (entries.size() > MOST) {
            entries.pollLastEntry();
        }
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

    private List<Difference> compare(String metric, String method, String than) {
        Map<String, List<double[]>> byStyle = new TreeMap<>();
        Map<String, ResampledMean> means = new LinkedHashMap<>();
        for (Entry entry : entries.values()) {
            Double a = entry.byMethod().getOrDefault(method, Map.of()).get(metric);
            Double b = entry.byMethod().getOrDefault(than, Map.of()).get(metric);
            if (a == null || b == null) {
                continue;
            }
            byte[] often = weights.of(entry.unit());
            for (String style : List.of("", entry.style())) {
                means.computeIfAbsent(style, s -> new ResampledMean(weights.replicates()))
                        .add(a - b, often);
                byStyle.computeIfAbsent(style, s -> new ArrayList<>()).add(new double[] {a, b});
                if (entry.style().isEmpty()) {
                    break;
                }
            }
        }
        return adjusted(metric, method, than, byStyle, means);
    }

    private static List<Difference> adjusted(
            String metric,
            String method,
            String than,
            Map<String, List<double[]>> byStyle,
            Map<String, ResampledMean> means) {
        Map<String, Double> chances = new LinkedHashMap<>();
        byStyle.forEach((style, pairs) -> chances.put(style, chance(pairs)));
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
        chances.forEach(
                (style, p) -> {
                    int rank = tested.indexOf(style);
                    Estimate mean = means.getOrDefault(style, new ResampledMean(1)).estimate();
                    list.add(
                            new Difference(
                                    metric,
                                    method,
                                    than,
                                    style.isEmpty() ? null : style,
                                    mean,
                                    p.isNaN() ? null : p,
                                    rank < 0 ? null : holm[rank]));
                });
        return list;
    }

    private static double chance(List<double[]> pairs) {
        return PairedTest.p(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    }
}
