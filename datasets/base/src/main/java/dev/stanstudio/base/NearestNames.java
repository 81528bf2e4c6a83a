package dev.stanstudio.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names most similar to a wrong one, by Levenshtein distance. */
public final class NearestNames {
    private static final int SUGGESTED = 3;

    /** Longer names are cut: a key of a damaged file can be of any length. */
    private static final int COMPARED = 128;

    private record Scored(String name, int distance) {}

    private NearestNames() {}

    /** Up to three of {@code candidates}, the most similar to {@code name} first. */
    public static List<String> of(String name, Collection<String> candidates) {
        return candidates.stream()
                .map(candidate -> new Scored(candidate, distance(name, candidate)))
                .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
                .limit(SUGGESTED)
                .map(Scored::name)
                .toList();
    }

    private static int distance(String a, String b) {
        int width = Math.min(b.length(), COMPARED);
        int[] row = new int[width + 1];
        for (int j = 0; j <= width; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= Math.min(a.length(), COMPARED); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= width; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[width];
    }
}
