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
    /** Pictures of an epoch, which are listed in memory. */
    private static final long MOST = 10_000_000;

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
        long most = byStyle.keySet().stream().mapToLong(s -> times(s, byStyle)).max().orElse(0);
        requireBounded(
                byStyle.keySet().stream()
                        .mapToLong(s -> balanced ? most : times(s, byStyle))
                        .sum());
        List<T> epoch = new ArrayList<>();
        byStyle.forEach(
                (name, own) -> {
                    long wanted = balanced ? most : times(name, byStyle);
                    for (int i = 0; i < wanted; i++) {
                        epoch.add(own.get(i % own.size()));
                    }
                });
        return epoch;
    }

    private static void requireBounded(long pictures) {
        if (pictures > MOST) {
            throw new ArgumentException(
                    "--repeats and --balance make an epoch of %d pictures, more than %d; name smaller numbers"
                            .formatted(pictures, MOST));
        }
    }

    private <T> long times(String style, Map<String, List<T>> byStyle) {
        return (long) byStyle.getOrDefault(style, List.of()).size()
                * ofStyle.getOrDefault(style, 1);
    }
}
