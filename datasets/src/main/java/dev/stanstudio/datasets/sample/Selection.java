package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Selects pictures of a collection.
 *
 * @param styles those of any of these, in any spelling; none stands for all
 * @param splits those of these parts (train, validation, test); none stands for all
 */
public record Selection(List<String> styles, List<String> splits) {
    /** Every picture. */
    public static final Selection ALL = new Selection(List.of(), List.of());

    private static final int MAX_NAMED = 30;

    /** Brings style names to their canonical form. */
    public Selection {
        styles = styles.stream().map(StyleNames::canonical).distinct().toList();
        splits = List.copyOf(splits);
        if (styles.contains("") || splits.contains("")) {
            throw new ArgumentException(
                    "an empty name stands among the styles %s or parts %s; leave it out"
                            .formatted(styles, splits));
        }
    }

    /**
     * The pictures meant, in the order of the collection. Of several styles the first that was
     * asked for comes to the front, so that captions name it.
     *
     * @throws UserException when a style or part has no picture; the message names those that have
     */
    public List<StyleItem> of(StyleCollection collection) {
        List<StyleItem> chosen = new ArrayList<>();
        Set<String> allStyles = new TreeSet<>();
        Set<String> allSplits = new TreeSet<>();
        collection.forEach(
                item -> {
                    String split = item.labels().split();
                    allStyles.addAll(item.labels().styles());
                    allSplits.add(split == null ? "" : split);
                    if (takes(item)) {
                        chosen.add(fronted(item));
                    }
                });
        requireAmong("style", styles, allStyles, collection);
        requireSplits(allSplits, collection);
        if (chosen.isEmpty()) {
            throw new UserException(
                    "%s has no picture of the styles %s in the parts %s"
                            .formatted(
                                    collection.folder(),
                                    styles.isEmpty() ? "(any)" : String.join(", ", styles),
                                    splits.isEmpty() ? "(any)" : String.join(", ", splits)));
        }
        return chosen;
    }

    private boolean takes(StyleItem item) {
        String split = item.labels().split();
        return (styles.isEmpty() || item.labels().styles().stream().anyMatch(styles::contains))
                && (splits.isEmpty() || (split != null && splits.contains(split)));
    }

    private StyleItem fronted(StyleItem item) {
        List<String> own = item.labels().styles();
        for (String style : styles) {
            if (own.contains(style)) {
                List<String> order = new ArrayList<>(List.of(style));
                order.addAll(own);
                return item.withLabels(item.labels().withStyles(order));
            }
        }
        return item;
    }

    private void requireSplits(Set<String> all, StyleCollection collection) {
        if (!splits.isEmpty() && all.equals(Set.of(""))) {
            throw new UserException(
                    "%s is not parted into %s; run studio dataset split on it first"
                            .formatted(collection.folder(), String.join(", ", splits)));
        }
        Set<String> named = new HashSet<>(all);
        named.remove("");
        requireAmong("part", splits, new TreeSet<>(named), collection);
    }

    private static void requireAmong(
            String what, List<String> wanted, Set<String> all, StyleCollection collection) {
        for (String name : wanted) {
            if (!all.contains(name)) {
                throw new UserException(
                        "%s has no %s \"%s\"; there are %s%s"
                                .formatted(
                                        collection.folder(),
                                        what,
                                        name,
                                        String.join(", ", all.stream().limit(MAX_NAMED).toList()),
                                        all.size() > MAX_NAMED
                                                ? " and " + (all.size() - MAX_NAMED) + " more"
                                                : ""));
            }
        }
    }
}
