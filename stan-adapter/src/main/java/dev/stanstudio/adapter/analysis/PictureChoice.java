package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The same number of pictures of every style, so that no style's share grows by its size: those
 * whose hashes come first, which is a draw that does not change.
 *
 * @param styles names of the styles, in order
 * @param pictures style by style
 */
record PictureChoice(List<String> styles, List<ReadPicture> pictures) {
    /** Keeps copies. */
    PictureChoice {
        styles = List.copyOf(styles);
        pictures = List.copyOf(pictures);
    }

    /**
     * Chooses from a collection.
     *
     * @param wanted styles, or null for all
     * @param perStyle how many of each; fewer where a style has fewer, of every style then
     * @param split the part to choose from, or null for all
     * @throws ArgumentException for a style that is not there, or less than two styles
     */
    static PictureChoice of(
            StyleCollection collection,
            @Nullable List<String> wanted,
            int perStyle,
            @Nullable String split) {
        if (perStyle < 1) {
            throw new ArgumentException("--per-style must be at least 1, not " + perStyle);
        }
        Map<String, List<StyleItem>> byStyle = new TreeMap<>();
        for (StyleItem item : collection.items()) {
            if (split == null || split.equals(item.labels().split())) {
                byStyle.computeIfAbsent(item.labels().styles().get(0), s -> new ArrayList<>())
                        .add(item);
            }
        }
        if (wanted != null) {
            List<String> names = wanted.stream().map(StyleNames::canonical).toList();
            for (String name : names) {
                if (!byStyle.containsKey(name)) {
                    throw new ArgumentException(
                            "%s has no pictures of '%s'; it has %s"
                                    .formatted(
                                            collection.folder(),
                                            name,
                                            String.join(", ", byStyle.keySet())));
                }
            }
            byStyle.keySet().retainAll(names);
        }
        if (byStyle.size() < 2) {
            throw new ArgumentException(
                    "label entropy needs pictures of at least two styles; %s%s has %s"
                            .formatted(
                                    collection.folder(),
                                    split == null ? "" : ", part " + split,
                                    byStyle.keySet()));
        }
        return choose(collection, byStyle, perStyle);
    }

    private static PictureChoice choose(
            StyleCollection collection, Map<String, List<StyleItem>> byStyle, int perStyle) {
        int each =
                Math.min(
                        perStyle,
                        byStyle.values().stream().mapToInt(List::size).min().orElseThrow());
        List<String> styles = List.copyOf(byStyle.keySet());
        List<ReadPicture> pictures = new ArrayList<>();
        byStyle.forEach(
                (style, items) ->
                        items.stream()
                                .sorted(
                                        Comparator.comparing(StyleItem::sha256)
                                                .thenComparing(StyleItem::fileName))
                                .limit(each)
                                .forEach(
                                        item ->
                                                pictures.add(
                                                        new ReadPicture(
                                                                collection.file(item),
                                                                item.text(),
                                                                styles.indexOf(style),
                                                                item.number()))));
        return new PictureChoice(styles, pictures);
    }
}
