package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.StyleNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Repeats pictures in an epoch, so that a style with few pictures is not drowned by one with many.
 *
 * @param ofStyle how often the pictures of a style come in an epoch; 1 for styles not named
 * @param balanced whether every style then comes as often as the one that comes most
 */
record Repeats(Map<String, Integer> ofStyle, boolean balanced) {
    /** Refuses counts below 1; keeps styles as collections spell them. */
    Repeats {
        Map<String, Integer> canonical = new LinkedHashMap<>();
        ofStyle.forEach(
                (style, times) -> {
                    if (times < 1) {
                        throw new ArgumentException(
                                "--repeats of %s must be at least 1, not %d"
                                        .formatted(style, times));
                    }
                    canonical.put(StyleNames.canonical(style), times);
                });
        ofStyle = Map.copyOf(canonical);
    }

    /**
     * Returns the items of an epoch, those of a style together.
     *
     * @param items without repetition, in an order that is always the same
     * @param style of an item
     * @throws ArgumentException if a style that is named has no item
     */
    <T> List<T> of(List<T> items, Function<T, String> style) {
        if (ofStyle.isEmpty() && !balanced) {
            return items;
        }
        Map<String, List<T>> byStyle = new LinkedHashMap<>();
        for (T item : items) {
            byStyle.computeIfAbsent(style.apply(item), s -> new ArrayList<>()).add(item);
        }
        for (String named : ofStyle.keySet()) {
            if (!byStyle.containsKey(named)) {
                throw new ArgumentException(
                        "--repeats: no picture to train on is %s; there are %s"
                                .formatted(
                                        named, String.join(", ", new TreeSet<>(byStyle.keySet()))));
            }
        }
        int most = byStyle.keySet().stream().mapToInt(s -> times(s, byStyle)).max().orElse(0);
        List<T> epoch = new ArrayList<>();
        byStyle.forEach(
                (name, own) -> {
                    int wanted = balanced ? most : times(name, byStyle);
                    for (int i = 0; i < wanted; i++) {
                        epoch.add(own.get(i % own.size()));
                    }
                });
        return epoch;
    }

    private <T> int times(String style, Map<String, List<T>> byStyle) {
        return Math.multiplyExact(
                byStyle.getOrDefault(style, List.of()).size(), ofStyle.getOrDefault(style, 1));
    }
}
