package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Splits pictures by groups that stay together ({@link PictureGroups}). Every style is split by the
 * ratios as far as its groups allow; what one style cannot give exactly, because it is small, the
 * next makes up for. The result depends on seed and pictures, not on their order.
 */
public final class Splits {
    /** A group with what orders it. */
    private record Group(List<Integer> members, String style, String order) {}

    private final SplitRules rules;
    private final List<StyleItem> items;

    /** For each part, how many pictures it should have by now less how many it has. */
    private final double[] owed = new double[SplitRatios.NAMES.size()];

    private Splits(SplitRules rules, List<StyleItem> items) {
        this.rules = rules;
        this.items = items;
    }

    /** The part of each of {@code items}, one of {@link SplitRatios#NAMES}. */
    public static List<String> assign(List<StyleItem> items, SplitRules rules) {
        return assign(items, PictureGroups.of(items, rules.byArtist(), rules.distance()), rules);
    }

    static List<String> assign(
            List<StyleItem> items, List<List<Integer>> groups, SplitRules rules) {
        return new Splits(rules, items).assign(groups);
    }

    private List<String> assign(List<List<Integer>> together) {
        List<String> splits = new ArrayList<>(items.stream().map(item -> "").toList());
        for (List<Group> groups : byStyle(together).values()) {
            int pictures = groups.stream().mapToInt(group -> group.members().size()).sum();
            for (int part = 0; part < owed.length; part++) {
                owed[part] += rules.ratios().share(part) * pictures;
            }
            for (Group group : groups) {
                int part = mostOwed();
                owed[part] -= group.members().size();
                group.members().forEach(i -> splits.set(i, SplitRatios.NAMES.get(part)));
            }
        }
        return List.copyOf(splits);
    }

    private int mostOwed() {
        int most = 0;
        for (int part = 1; part < owed.length; part++) {
            if (owed[part] > owed[most] && rules.ratios().share(part) > 0) {
                most = part;
            }
        }
        return most;
    }

    /** Large groups first, since the last ones even out; equal sizes in an order of the seed. */
    private Map<String, List<Group>> byStyle(List<List<Integer>> together) {
        Map<String, List<Group>> styles = new TreeMap<>();
        for (List<Integer> members : together) {
            Group group = group(members);
            styles.computeIfAbsent(group.style(), style -> new ArrayList<>()).add(group);
        }
        Comparator<Group> order =
                Comparator.<Group>comparingInt(group -> -group.members().size())
                        .thenComparing(Group::order);
        styles.values().forEach(groups -> groups.sort(order));
        return styles;
    }

    private Group group(List<Integer> members) {
        StyleItem first =
                members.stream()
                        .map(items::get)
                        .min(
                                Comparator.comparing(StyleItem::sha256)
                                        .thenComparing(StyleItem::fileName))
                        .orElseThrow();
        return new Group(members, first.labels().styles().get(0), shuffled(first));
    }

    private String shuffled(StyleItem item) {
        return Sha256.of(rules.seed() + " " + item.sha256());
    }
}
