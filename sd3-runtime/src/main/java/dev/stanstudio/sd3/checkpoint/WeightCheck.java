package dev.stanstudio.sd3.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares a checkpoint with the tensors that a network expects: every key used, every shape right.
 */
public final class WeightCheck {
    private static final int NAMED = 4;

    private WeightCheck() {}

    /**
     * Compares names and shapes.
     *
     * @param expected shape by name
     * @param ignorable names that may be there and are not used, such as position id buffers
     * @throws WeightException that names missing, unexpected and wrongly shaped tensors, and those
     *     of whole numbers, which mean nothing without the scales they were quantised by
     */
    public static void check(
            String network, Weights weights, Map<String, long[]> expected, Set<String> ignorable) {
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(weights.names());
        Set<String> extra = new TreeSet<>(weights.names());
        extra.removeAll(expected.keySet());
        extra.removeAll(ignorable);
        List<String> wrong = wrongShapes(weights, expected);
        List<String> faults = new ArrayList<>();
        add(faults, "missing", missing);
        add(faults, "unexpected", extra);
        add(faults, "wrong shape", wrong);
        add(faults, "stored as whole numbers, not fractions", whole(weights, expected.keySet()));
        if (!faults.isEmpty()) {
            throw new WeightException(
                    "%s in %s does not fit its config: %s%s"
                            .formatted(
                                    network,
                                    weights.origin(),
                                    String.join("; ", faults),
                                    Quantised.hint(extra)));
        }
    }

    private static List<String> whole(Weights weights, Set<String> expected) {
        return expected.stream()
                .filter(weights.names()::contains)
                .filter(name -> !weights.dtype(name).floating())
                .map(name -> name + " as " + weights.dtype(name).label())
                .toList();
    }

    private static List<String> wrongShapes(Weights weights, Map<String, long[]> expected) {
        List<String> wrong = new ArrayList<>();
        expected.forEach(
                (name, shape) -> {
                    if (weights.names().contains(name)
                            && !Arrays.equals(shape, weights.shape(name))) {
                        wrong.add(
                                "%s is %s, not %s"
                                        .formatted(
                                                name,
                                                Arrays.toString(weights.shape(name)),
                                                Arrays.toString(shape)));
                    }
                });
        return wrong;
    }

    private static void add(List<String> faults, String kind, Iterable<String> names) {
        List<String> all = new ArrayList<>();
        names.forEach(all::add);
        if (all.isEmpty()) {
            return;
        }
        String shown = all.stream().limit(NAMED).collect(Collectors.joining(", "));
        String rest = all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "";
        faults.add(kind + ": " + shown + rest);
    }
}
