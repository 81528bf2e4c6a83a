package dev.stanstudio.web.study.stats;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Computes the agreement of raters beyond chance. Undefined (empty) where only one answer ever
 * occurs.
 */
public final class Agreement {
    private Agreement() {}

    /**
     * Fleiss' κ (1971).
     *
     * @param counts for each item, how many raters gave each category; the same number of raters,
     *     at least two, for every item
     */
    public static OptionalDouble fleiss(List<List<Integer>> counts) {
        if (counts.isEmpty()) {
            return OptionalDouble.empty();
        }
        int raters = counts.get(0).stream().mapToInt(Integer::intValue).sum();
        double[] totals = new double[counts.get(0).size()];
        double observed = 0;
        for (List<Integer> item : counts) {
            double squares = 0;
            int sum = 0;
            for (int c = 0; c < totals.length; c++) {
                int count = item.get(c);
                totals[c] += count;
                squares += (double) count * count;
                sum += count;
            }
            if (sum != raters || raters < 2) {
                throw new IllegalArgumentException("each item needs the same raters, two or more");
            }
            observed += (squares - raters) / (raters * (raters - 1.0)) / counts.size();
        }
        double expected = 0;
        for (double total : totals) {
            double share = total / ((double) raters * counts.size());
            expected += share * share;
        }
        return expected >= 1
                ? OptionalDouble.empty()
                : OptionalDouble.of((observed - expected) / (1 - expected));
    }

    /**
     * Krippendorff's α for nominal values (2011); any number of ratings per unit, those of units
     * with a single one are left out.
     *
     * @param units the values that each unit was given
     */
    public static OptionalDouble krippendorff(Collection<List<Integer>> units) {
        Map<Integer, Double> totals = new HashMap<>();
        double pairable = 0;
        double disagreeing = 0;
        for (List<Integer> unit : units) {
            int m = unit.size();
            if (m < 2) {
                continue;
            }
            Map<Integer, Integer> counts = new HashMap<>();
            unit.forEach(value -> counts.merge(value, 1, Integer::sum));
            double agreeing = 0;
            for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
                totals.merge(count.getKey(), (double) count.getValue(), Double::sum);
                agreeing += count.getValue() * (count.getValue() - 1.0);
            }
            disagreeing += (m * (m - 1.0) - agreeing) / (m - 1);
            pairable += m;
        }
        double chance = pairable * pairable;
        for (double total : totals.values()) {
            chance -= total * total;
        }
        return chance <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - (pairable - 1) * disagreeing / chance);
    }
}
