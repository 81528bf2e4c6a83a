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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Divides the pictures of a style collection into references and held-out ones. References are of
 * the first part that no training reads and that has two pictures of the style: references, test,
 * validation. Held out are those of the other such parts, else of train. A style that lies in train
 * alone, or a collection without parts, has every fifth picture held out. Of each, those with the
 * smallest hashes are taken, which is a random choice that is always the same. A picture of several
 * styles counts for the first.
 *
 * @param folder the collection
 * @param references reference pictures by style
 * @param heldOut held-out pictures by style
 * @param parts names of the parts that the references are of; "all" of a collection without parts
 */
record ReferenceSet(
        Path folder,
        Map<String, List<StyleItem>> references,
        Map<String, List<StyleItem>> heldOut,
        List<String> parts) {
    /** The part that trainings read. */
    static final String TRAIN = "train";

    private static final List<String> UNREAD = List.of("references", "test", "validation");
    private static final String ALL = "all";
    private static final int EVERY = 5;
    private static final int LEAST = 2;

    /** Pictures of one style by the name of their part. */
    private record Style(Map<String, List<StyleItem>> byPart) {
        List<StyleItem> of(String part) {
            return byPart.getOrDefault(part, List.of());
        }

        /** Returns the part for references; null where every fifth picture is held out instead. */
        @Nullable String part(@Nullable String wanted) {
            if (wanted != null) {
                return wanted;
            }
            return UNREAD.stream().filter(p -> of(p).size() >= LEAST).findFirst().orElse(null);
        }

        List<StyleItem> besides(String part) {
            List<StyleItem> others = new ArrayList<>();
            UNREAD.stream().filter(p -> !p.equals(part)).forEach(p -> others.addAll(of(p)));
            return others.isEmpty() && !part.equals(TRAIN) ? of(TRAIN) : others;
        }
    }

    /** Reads the set with references that no training reads, where there are such. */
    static ReferenceSet read(Path folder, int perStyle, int heldOutPerStyle) {
        return read(folder, perStyle, heldOutPerStyle, null);
    }

    /**
     * Reads the set.
     *
     * @param part the part for references; null for the rule above
     * @throws UserException if the collection is empty or lacks the part
     */
    static ReferenceSet read(
            Path folder, int perStyle, int heldOutPerStyle, @Nullable String part) {
        Map<String, Style> byStyle = styles(folder);
        if (part != null && byStyle.values().stream().allMatch(style -> style.of(part).isEmpty())) {
            throw new UserException(
                    "%s has no part '%s' for references; part it with studio dataset split"
                            .formatted(folder, part));
        }
        Map<String, List<StyleItem>> references = new LinkedHashMap<>();
        Map<String, List<StyleItem>> heldOut = new LinkedHashMap<>();
        TreeSet<String> parts = new TreeSet<>();
        byStyle.forEach(
                (style, items) -> {
                    String own = items.part(part);
                    List<StyleItem> kept = own == null ? every(items, false) : items.of(own);
                    List<StyleItem> out = own == null ? every(items, true) : items.besides(own);
                    references.put(style, first(kept, perStyle));
                    heldOut.put(style, first(out, heldOutPerStyle));
                    boolean parted = !items.of(TRAIN).isEmpty();
                    parts.add(own != null ? own : parted ? TRAIN : ALL);
                });
        return new ReferenceSet(folder, references, heldOut, List.copyOf(parts));
    }

    private static Map<String, Style> styles(Path folder) {
        Map<String, Style> byStyle = new TreeMap<>();
        StyleCollection.open(folder)
                .forEach(
                        item -> {
                            String split = item.labels().split();
                            byStyle.computeIfAbsent(
                                            item.labels().styles().get(0),
                                            s -> new Style(new TreeMap<>()))
                                    .byPart()
                                    .computeIfAbsent(
                                            split == null ? "" : split, p -> new ArrayList<>())
                                    .add(item);
                        });
        if (byStyle.isEmpty()) {
            throw new UserException(folder + " holds no pictures to compare with");
        }
        return byStyle;
    }

    /** Returns every fifth picture, or the others. */
    private static List<StyleItem> every(Style style, boolean fifth) {
        List<StyleItem> all = new ArrayList<>();
        style.byPart().values().forEach(all::addAll);
        all.sort(Comparator.comparing(StyleItem::sha256));
        List<StyleItem> chosen = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if ((i % EVERY == EVERY - 1) == fifth) {
                chosen.add(all.get(i));
            }
        }
        return chosen;
    }

    private static List<StyleItem> first(List<StyleItem> items, int most) {
        return items.stream().sorted(Comparator.comparing(StyleItem::sha256)).limit(most).toList();
    }

    /** The file of a picture. */
    Path file(StyleItem item) {
        return folder.resolve(item.fileName());
    }
}
