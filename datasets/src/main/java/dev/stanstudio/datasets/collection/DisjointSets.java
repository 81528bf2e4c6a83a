package dev.stanstudio.datasets.collection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Elements 0 … size − 1 in groups that only ever grow together (Tarjan's union by size with path
 * halving). Not thread-safe.
 */
public final class DisjointSets {
    private final int[] parent;
    private final int[] count;

    /** Every element alone. */
    public DisjointSets(int size) {
        this.parent = new int[size];
        this.count = new int[size];
        for (int i = 0; i < size; i++) {
            parent[i] = i;
            count[i] = 1;
        }
    }

    /** The element that stands for the group of {@code element}. */
    public int find(int element) {
        int at = element;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** Makes the groups of both one. */
    public void join(int first, int second) {
        int large = find(first);
        int small = find(second);
        if (large == small) {
            return;
        }
        if (count[large] < count[small]) {
            int swap = large;
            large = small;
            small = swap;
        }
        parent[small] = large;
        count[large] += count[small];
    }

    /** The groups, each in rising order, in the order of their first elements. */
    public List<List<Integer>> groups() {
        Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < parent.length; i++) {
            groups.computeIfAbsent(find(i), root -> new ArrayList<>()).add(i);
        }
        return List.copyOf(groups.values());
    }
}
