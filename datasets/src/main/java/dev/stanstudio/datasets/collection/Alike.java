package dev.stanstudio.datasets.collection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies, look-alikes, and what leaks between splits; see {@link CollectionStatistics}. */
record Alike(
        long duplicates, long lookAlikes, List<List<String>> groups, long unhashed, long leaks) {

    static Alike of(List<StyleItem> items) {
        DisjointSets sets = new DisjointSets(items.size());
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Integer same = first.putIfAbsent(items.get(i).sha256(), i);
            if (same != null) {
                sets.join(same, i);
            }
        }
        NearPictures.join(
                items.stream().map(StyleItem::dhash).toList(), NearPictures.DEFAULT_DISTANCE, sets);
        List<List<Integer>> groups = sets.groups();
        return new Alike(
                items.size() - first.size(),
                first.size() - groups.size(),
                named(groups, items),
                items.stream().filter(item -> item.dhash() == null).count(),
                leaks(items));
    }

    private static List<List<String>> named(List<List<Integer>> groups, List<StyleItem> items) {
        return groups.stream()
                .filter(group -> group.size() > 1)
                .limit(CollectionStatistics.MAX_NAMED)
                .map(group -> group.stream().map(i -> items.get(i).fileName()).toList())
                .toList();
    }

    private static long leaks(List<StyleItem> items) {
        return PictureGroups.of(items, false, NearPictures.DEFAULT_DISTANCE).stream()
                .filter(
                        group ->
                                group.stream()
                                                .map(i -> items.get(i).labels().split())
                                                .filter(split -> split != null)
                                                .distinct()
                                                .count()
                                        > 1)
                .count();
    }
}
