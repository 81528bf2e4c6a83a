package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.manifest.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts problems of every kind and keeps the first of each. */
final class Problems {
    private static final int NAMED = 50;

    private final Map<Problem.Kind, Long> counts = new HashMap<>();
    private final Map<Problem.Kind, List<Problem>> first = new HashMap<>();
    private final Set<String> once = new HashSet<>();

    void add(Problem.Kind kind, String where, String what) {
        add(new Problem(kind, where, what));
    }

    void add(Problem problem) {
        counts.merge(problem.kind(), 1L, Long::sum);
        List<Problem> list = first.computeIfAbsent(problem.kind(), kind -> new ArrayList<>());
        if (list.size() < NAMED) {
            list.add(problem);
        }
    }

    /** Counts something each time and names it once. */
    void addOnce(Problem.Kind kind, String where, String what) {
        boolean full = first.getOrDefault(kind, List.of()).size() >= NAMED;
        if (!full && once.add(kind + where)) {
            add(kind, where, what);
        } else {
            counts.merge(kind, 1L, Long::sum);
        }
    }

    Map<String, Long> counts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (Problem.Kind kind : Problem.Kind.values()) {
            Long count = counts.get(kind);
            if (count != null) {
                named.put(kind.key(), count);
            }
        }
        return named;
    }

    List<Problem> all() {
        List<Problem> all = new ArrayList<>();
        for (Problem.Kind kind : Problem.Kind.values()) {
            all.addAll(first.getOrDefault(kind, List.of()));
        }
        return all;
    }
}
