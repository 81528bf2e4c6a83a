package dev.stanstudio.datasets.collection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Counts values between fixed edges. For one thread. */
final class Histogram {
    private final int[] edges;
    private final IntFunction<String> name;
    private final long[] counts;

    /**
     * @param edges where a new interval begins, rising
     * @param name writes an edge
     */
    Histogram(int[] edges, IntFunction<String> name) {
        this.edges = edges.clone();
        this.name = name;
        this.counts = new long[edges.length + 1];
    }

    void add(int value) {
        int at = 0;
        while (at < edges.length && value >= edges[at]) {
            at++;
        }
        counts[at]++;
    }

    /** The intervals in order with their counts, empty ones included. */
    Map<String, Long> counts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i++) {
            named.put(interval(i), counts[i]);
        }
        return named;
    }

    private String interval(int i) {
        if (i == 0) {
            return "below " + name.apply(edges[0]);
        }
        String from = "from " + name.apply(edges[i - 1]);
        return i == edges.length ? from : from + " below " + name.apply(edges[i]);
    }
}
