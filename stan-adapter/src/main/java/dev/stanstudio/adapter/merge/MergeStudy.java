package dev.stanstudio.adapter.merge;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures how much of each expert is left in a merge of the first n, for growing n (after the
 * merging of 2 … 20 experts in Arnob et al. 2025). Compares changes of weights, so that it needs no
 * pictures; what the merged model draws, grids and scores tell.
 */
public final class MergeStudy {
    /**
     * One merge.
     *
     * @param experts n
     * @param meanCosine mean over the experts of the cosine between the merged change and theirs
     * @param leastCosine the least of them
     * @param size norm of the merged change against the mean norm of the experts'
     */
    public record Row(
            String rule, int experts, double meanCosine, double leastCosine, double size) {}

    private final List<Expert> experts;
    private final Map<String, long[]> modules = new TreeMap<>();

    /**
     * @throws dev.stanstudio.base.UserException if an expert is no fixed change of weights
     */
    public MergeStudy(List<Expert> experts) {
        this.experts = List.copyOf(experts);
        for (Expert expert : experts) {
            Merge.requireLinear(expert);
            expert.source().requireFixed();
            expert.source().modules().forEach(this::add);
        }
    }

    private void add(String module, long[] shape) {
        long[] known = modules.putIfAbsent(module, shape);
        if (known != null && !Arrays.equals(known, shape)) {
            throw new ArgumentException("the adapters change " + module + " in different shapes");
        }
    }

    /** A row for every count; one change of one module is in memory beside the merged one. */
    public List<Row> measure(MergeMethod method, List<Integer> counts) {
        List<Row> rows = new ArrayList<>();
        for (int count : counts) {
            if (count < 1 || count > experts.size()) {
                throw new ArgumentException(
                        "counts must be 1 … the " + experts.size() + " adapters, not " + count);
            }
            rows.add(row(method, count));
        }
        return List.copyOf(rows);
    }

    private Row row(MergeMethod method, int count) {
        List<Expert> first = experts.subList(0, count);
        double[] shared = new double[count];
        double[] own = new double[count];
        double merged = 0;
        for (Map.Entry<String, long[]> module : modules.entrySet()) {
            List<Expert> changing =
                    first.stream()
                            .filter(e -> e.source().modules().containsKey(module.getKey()))
                            .toList();
            if (changing.isEmpty()) {
                continue;
            }
            try (Scope local = Scope.open(module.getKey())) {
                Tensor change =
                        Merge.change(
                                local, method, module.getKey(), changing, count, module.getValue());
                merged += products(change, change)[0];
                for (int i = 0; i < count; i++) {
                    if (changing.contains(first.get(i))) {
                        add(first.get(i), module.getKey(), change, i, shared, own);
                    }
                }
            }
        }
        return row(method, shared, own, Math.sqrt(merged));
    }

    private static void add(
            Expert expert, String module, Tensor merged, int i, double[] shared, double[] own) {
        try (Scope one = Scope.open(module)) {
            float[] products = products(merged, Merge.change(one, expert, module));
            shared[i] += products[0];
            own[i] += products[2];
        }
    }

    private static float[] products(Tensor x, Tensor y) {
        try (Scope local = Scope.open("products")) {
            return Merge.program().call(local, "products", x, y).toFloats();
        }
    }

    private static Row row(MergeMethod method, double[] shared, double[] own, double merged) {
        double sum = 0;
        double least = 1;
        double norms = 0;
        for (int i = 0; i < own.length; i++) {
            double norm = Math.sqrt(own[i]);
            double cosine = merged * norm == 0 ? 0 : shared[i] / (merged * norm);
            sum += cosine / own.length;
            least = Math.min(least, cosine);
            norms += norm / own.length;
        }
        double size = norms == 0 ? 0 : merged / norms;
        return new Row(method.rule().label(), own.length, sum, least, size);
    }
}
