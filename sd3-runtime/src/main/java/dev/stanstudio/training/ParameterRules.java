package dev.stanstudio.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Rules of single parameters, by name.
 *
 * @param undecayed parameters that weight decay leaves alone
 * @param factors what the learning rate is multiplied by; 1 where none is named
 * @param lasts numbers of the last updates that move them; no end where none is named
 */
public record ParameterRules(
        Set<String> undecayed, Map<String, Double> factors, Map<String, Long> lasts) {
    /** All parameters alike. */
    public static final ParameterRules NONE = new ParameterRules(Set.of(), Map.of());

    /** Parameters that all updates move. */
    public ParameterRules(Set<String> undecayed, Map<String, Double> factors) {
        this(undecayed, factors, Map.of());
    }

    /** Keeps copies. */
    public ParameterRules {
        undecayed = Set.copyOf(undecayed);
        factors = Map.copyOf(factors);
        lasts = Map.copyOf(lasts);
    }

    /**
     * Parameters that one call moves.
     *
     * @param members their places, in order
     * @param decayed whether weight decay acts on them
     * @param factor of the learning rate
     * @param last number of the last update that moves them
     */
    record Group(List<Integer> members, boolean decayed, double factor, long last) {}

    /** Rules that the members of a group have in common. */
    private record Rule(boolean decayed, double factor, long last) {
        static final Comparator<Rule> ORDER =
                Comparator.comparing(Rule::decayed, Comparator.reverseOrder())
                        .thenComparingDouble(Rule::factor)
                        .thenComparingLong(Rule::last);
    }

    private Rule of(String name) {
        return new Rule(
                !undecayed.contains(name),
                factors.getOrDefault(name, 1.0),
                lasts.getOrDefault(name, Long.MAX_VALUE));
    }

    /** Returns the groups of the parameters whose places fit; none is empty. */
    List<Group> groups(ParameterSet parameters, IntPredicate fits) {
        List<String> names = List.copyOf(parameters.names());
        Map<Rule, List<Integer>> members = new TreeMap<>(Rule.ORDER);
        IntStream.range(0, names.size())
                .filter(fits)
                .forEach(
                        i ->
                                members.computeIfAbsent(of(names.get(i)), r -> new ArrayList<>())
                                        .add(i));
        List<Group> groups = new ArrayList<>();
        members.forEach(
                (rule, own) ->
                        groups.add(
                                new Group(
                                        List.copyOf(own),
                                        rule.decayed(),
                                        rule.factor(),
                                        rule.last())));
        return groups;
    }
}
