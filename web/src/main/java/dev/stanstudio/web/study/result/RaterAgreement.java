package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.stats.Agreement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Agreement of raters beyond chance about comparisons, which are the units. An answer is the place
 * of the preferred method among those shown (in the plan's order, not that of the slots), or no
 * difference: what chance gives is then 0 however many methods a study has.
 *
 * @param krippendorff α over all units with two answers or more; empty where undefined
 * @param units how many those are
 * @param alone units with a single answer, which no coefficient uses
 * @param fleiss κ, which wants equally many answers per unit: over the units with the commonest
 *     number of them, the largest of equally common ones; empty where undefined
 * @param fleissAnswers that number
 * @param fleissUnits how many units have it
 */
public record RaterAgreement(
        OptionalDouble krippendorff,
        int units,
        int alone,
        OptionalDouble fleiss,
        int fleissAnswers,
        int fleissUnits) {
    static RaterAgreement of(List<Ballot> ballots) {
        Map<List<Integer>, List<Integer>> answers = new LinkedHashMap<>();
        int kinds = 1;
        for (Ballot ballot : ballots) {
            answers.computeIfAbsent(ballot.comparison(), c -> new ArrayList<>())
                    .add(ballot.answer());
            kinds = Math.max(kinds, ballot.methods().size() + 1);
        }
        List<List<Integer>> shared =
                answers.values().stream().filter(unit -> unit.size() > 1).toList();
        List<List<Integer>> commonest = commonest(shared);
        return new RaterAgreement(
                Agreement.krippendorff(shared),
                shared.size(),
                answers.size() - shared.size(),
                Agreement.fleiss(counts(commonest, kinds)),
                commonest.isEmpty() ? 0 : commonest.get(0).size(),
                commonest.size());
    }

    /** Units with two answers or more that κ leaves out. */
    public int fleissLeftOut() {
        return units - fleissUnits;
    }

    private static List<List<Integer>> commonest(List<List<Integer>> units) {
        TreeMap<Integer, List<List<Integer>>> bySize = new TreeMap<>(Comparator.reverseOrder());
        units.forEach(
                unit -> bySize.computeIfAbsent(unit.size(), s -> new ArrayList<>()).add(unit));
        List<List<Integer>> best = List.of();
        for (List<List<Integer>> alike : bySize.values()) {
            best = alike.size() > best.size() ? alike : best;
        }
        return best;
    }

    private static List<List<Integer>> counts(List<List<Integer>> units, int kinds) {
        List<List<Integer>> counts = new ArrayList<>();
        for (List<Integer> unit : units) {
            Integer[] row = new Integer[kinds];
            java.util.Arrays.fill(row, 0);
            unit.forEach(answer -> row[answer]++);
            counts.add(List.of(row));
        }
        return counts;
    }
}
