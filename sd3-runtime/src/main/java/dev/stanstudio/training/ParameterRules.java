package dev.stanstudio.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Rules of single parameters, by name.
 *
 * @param undecayed parameters that weight decay leaves alone
 * @param factors what the learning rate is multiplied by; 1 where none is named
 */
public record ParameterRules(Set<String> undecayed, Map<String, Double> factors) {
    /** All parameters alike. */
    public static final ParameterRules NONE = new ParameterRules(Set.of(), Map.of());

    /** Keeps copies. */
    public ParameterRules {
        undecayed = Set.copyOf(undecayed);
        factors = Map.copyOf(factors);
    }

    /**
     * Parameters that one call moves.
     *
     * @param members their places, in order
     * @param decayed whether weight decay acts on them
     * @param factor of the learning rate
     */
    record Group(List<Integer> members, boolean decayed, double factor) {}

    /** Returns the groups of the parameters whose places fit; none is empty. */
    List<Group> groups(ParameterSet parameters, IntPredicate fits) {
        List<String> names = List.copyOf(parameters.names());
        Set<Double> rates = new TreeSet<>(Set.of(1.0));
        rates.addAll(factors.values());
        List<Group> groups = new ArrayList<>();
        for (boolean decayed : new boolean[] {true, false}) {
            for (double factor : rates) {
                List<Integer> members =
                        IntStream.range(0, names.size())
                                .filter(fits)
                                .filter(i -> undecayed.contains(names.get(i)) != decayed)
                                .filter(i -> factors.getOrDefault(names.get(i), 1.0) == factor)
                                .boxed()
                                .toList();
                if (!members.isEmpty()) {
                    groups.add(new Group(members, decayed, factor));
                }
            }
        }
        return groups;
    }
}
