package dev.stanstudio.datasets.collection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports what filters take out of a collection.
 *
 * @param pictures that were listed
 * @param kept of them
 * @param filtered the others, those of a rule together
 */
record FilterReport(int pictures, int kept, List<Filtered> filtered) {
    /** Counts without changing anything; {@code progress} is told of every picture. */
    static FilterReport of(StyleCollection collection, FilterRules rules, IntConsumer progress) {
        List<StyleItem> items = collection.items();
        List<Filtered> filtered = new ArrayList<>();
        List<StyleItem> kept = new ArrayList<>();
        for (StyleItem item : items) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the filter was interrupted; nothing was changed");
            }
            Filtered out = rules.judge(collection, item);
            if (out == null) {
                kept.add(item);
            } else {
                filtered.add(out);
            }
            progress.accept(filtered.size() + kept.size());
        }
        Integer near = rules.near();
        if (near != null) {
            filtered.addAll(copies(collection, kept, near));
        }
        filtered.sort(Comparator.comparing(Filtered::rule));
        return new FilterReport(
                items.size(), items.size() - filtered.size(), List.copyOf(filtered));
    }

    /** Of pictures that look alike the largest stays, of equal ones the first. */
    private static List<Filtered> copies(
            StyleCollection collection, List<StyleItem> items, int near) {
        List<@Nullable PictureHash> hashes = new ArrayList<>();
        Map<String, Integer> first = new HashMap<>();
        DisjointSets sets = new DisjointSets(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the filter was interrupted; nothing was changed");
            }
            hashes.add(collection.dhash(items.get(i)));
            Integer same = first.putIfAbsent(items.get(i).sha256(), i);
            if (same != null) {
                sets.join(same, i);
            }
        }
        NearPictures.join(hashes, near, sets);
        List<Filtered> copies = new ArrayList<>();
        for (List<Integer> group : sets.groups()) {
            StyleItem best =
                    group.stream()
                            .map(items::get)
                            .max(Comparator.comparingLong(FilterReport::pixels))
                            .orElseThrow();
            String name = largest(group, items, pixels(best));
            for (int i : group) {
                String own = items.get(i).fileName();
                if (!own.equals(name)) {
                    copies.add(new Filtered(own, FilterRule.NEAR, "= " + name));
                }
            }
        }
        return copies;
    }

    private static String largest(List<Integer> group, List<StyleItem> items, long pixels) {
        return group.stream()
                .sorted()
                .map(items::get)
                .filter(item -> pixels(item) == pixels)
                .findFirst()
                .orElseThrow()
                .fileName();
    }

    private static long pixels(StyleItem item) {
        return (long) item.width() * item.height();
    }
}
