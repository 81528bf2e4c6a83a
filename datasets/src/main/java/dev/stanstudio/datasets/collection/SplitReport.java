package dev.stanstudio.datasets.collection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports how a collection was split.
 *
 * @param assigned the part of each picture, in the order of the collection
 * @param summary the counts
 */
public record SplitReport(List<String> assigned, Summary summary) {
    /**
     * Counts of a split collection.
     *
     * @param pictures per part, in the order of {@link SplitRatios#NAMES}
     * @param groups sets of pictures that stay together, single pictures included
     * @param grouped pictures that share a group with others
     * @param moved pictures that were in another part before
     */
    public record Summary(Map<String, Integer> pictures, int groups, int grouped, int moved) {}

    /** Parts {@code items}. */
    public static SplitReport of(List<StyleItem> items, SplitRules rules) {
        List<List<Integer>> groups = PictureGroups.of(items, rules.byArtist(), rules.distance());
        List<String> assigned = Splits.assign(items, groups, rules);
        Map<String, Integer> pictures = new LinkedHashMap<>();
        rules.ratios().parts().forEach(name -> pictures.put(name, 0));
        assigned.forEach(name -> pictures.merge(name, 1, Integer::sum));
        int grouped = groups.stream().mapToInt(List::size).filter(size -> size > 1).sum();
        return new SplitReport(
                assigned, new Summary(pictures, groups.size(), grouped, moved(items, assigned)));
    }

    private static int moved(List<StyleItem> items, List<String> assigned) {
        int moved = 0;
        for (int i = 0; i < items.size(); i++) {
            String before = items.get(i).labels().split();
            moved += before == null || before.equals(assigned.get(i)) ? 0 : 1;
        }
        return moved;
    }
}
