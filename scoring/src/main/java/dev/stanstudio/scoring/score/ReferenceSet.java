package dev.stanstudio.scoring.score;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Divides the pictures of a style collection into references and held-out ones: by its splits, else
 * every fifth is held out. Of each, those with the smallest hashes are taken, which is a random
 * choice that is always the same. A picture of several styles counts for the first.
 *
 * @param folder the collection
 * @param references reference pictures by style
 * @param heldOut held-out pictures by style
 */
record ReferenceSet(
        Path folder,
        Map<String, List<StyleItem>> references,
        Map<String, List<StyleItem>> heldOut) {
    private static final int EVERY = 5;

    static ReferenceSet read(Path folder, int perStyle, int heldOutPerStyle) {
        StyleCollection collection = StyleCollection.open(folder);
        Map<String, List<StyleItem>> byStyle = new TreeMap<>();
        collection.forEach(
                item ->
                        byStyle.computeIfAbsent(
                                        item.labels().styles().get(0), s -> new ArrayList<>())
                                .add(item));
        if (byStyle.isEmpty()) {
            throw new UserException(folder + " holds no pictures to compare with");
        }
        Map<String, List<StyleItem>> references = new LinkedHashMap<>();
        Map<String, List<StyleItem>> heldOut = new LinkedHashMap<>();
        byStyle.forEach(
                (style, items) -> {
                    items.sort(Comparator.comparing(StyleItem::sha256));
                    boolean split = items.stream().anyMatch(ReferenceSet::isHeldOut);
                    List<StyleItem> kept = new ArrayList<>();
                    List<StyleItem> out = new ArrayList<>();
                    for (int i = 0; i < items.size(); i++) {
                        boolean held = split ? isHeldOut(items.get(i)) : i % EVERY == EVERY - 1;
                        (held ? out : kept).add(items.get(i));
                    }
                    references.put(style, first(kept, perStyle));
                    heldOut.put(style, first(out, heldOutPerStyle));
                });
        return new ReferenceSet(folder, references, heldOut);
    }

    private static boolean isHeldOut(StyleItem item) {
        String split = item.labels().split();
        return "validation".equals(split) || "test".equals(split);
    }

    private static List<StyleItem> first(List<StyleItem> items, int most) {
        return List.copyOf(items.subList(0, Math.min(most, items.size())));
    }

    /** The file of a picture. */
    Path file(StyleItem item) {
        return folder.resolve(item.fileName());
    }
}
