package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.Vectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares pictures by an adapter with those of the same prompt and noise without one: how much of
 * the content stays where a style is asked for, and how far pictures drift where none is. At most
 * {@value #MOST} features are kept; of more, those of the units with the smallest hashes, so that
 * the choice does not depend on the order.
 */
final class BaseComparison {
    /** Cosine to the picture without adapter, of pictures with a style. */
    static final String CONTENT_KEPT = "content_kept";

    /** Half of 1 less that cosine, of pictures without a style; as PEFT's benchmark defines it. */
    static final String DRIFT = "drift";

    /** Features kept. */
    static final int MOST = 20_000;

    /** Method of pictures without adapter in lists that do not name adapters. */
    private static final String NONE = "none";

    /** Between a method's name and the values of its axes. */
    private static final String AXES = " · ";

    /** Receives a score. */
    interface Sink {
        /** Takes the score of a picture. */
        void add(ListedPicture picture, Map<String, Double> scores);
    }

    /** A picture by an adapter. */
    private static final class Adapted {
        private final ListedPicture picture;
        private final double[] unit;

        Adapted(ListedPicture picture, double[] unit) {
            this.picture = picture;
            this.unit = unit;
        }
    }

    /** The pictures of one prompt, noise and settings. */
    private static final class Entry {
        private final List<Adapted> adapted = new ArrayList<>();
        private double[] base = {};
    }

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Set<String> sorts = new HashSet<>();

    void add(ListedPicture picture, float[] features) {
        sorts.add(picture.method() + "\n" + picture.trained());
        long key =
                PoissonWeights.unit(
                        String.join(
                                "\n",
                                String.valueOf(picture.style()),
                                axes(picture.method()),
                                picture.unit()));
        if (entries.size() >= most() && key > entries.lastKey()) {
            return;
        }
        Entry entry = entries.computeIfAbsent(key, k -> new Entry());
        if (isBase(picture)) {
            entry.base = Vectors.unit(features);
        } else {
            entry.adapted.add(new Adapted(picture, Vectors.unit(features)));
        }
        while (entries.size() > most()) {
            entries.pollLastEntry();
        }
    }

    private int most() {
        return Math.max(1, MOST / sorts.size());
    }

    private static boolean isBase(ListedPicture picture) {
        return picture.isPlain()
                || (picture.training() == null && name(picture.method()).equals(NONE));
    }

    private static String name(String method) {
        int axes = method.indexOf(AXES);
        return axes < 0 ? method : method.substring(0, axes);
    }

    private static String axes(String method) {
        return method.substring(name(method).length());
    }

    /** Gives every score that both pictures are there for. */
    void finish(Sink sink) {
        for (Entry entry : entries.values()) {
            for (Adapted one : entry.adapted) {
                if (entry.base.length > 0) {
                    double cosine = Vectors.dot(entry.base, one.unit);
                    Map<String, Double> score = new HashMap<>();
                    if (one.picture.style() == null) {
                        score.put(DRIFT, (1 - cosine) / 2);
                    } else {
                        score.put(CONTENT_KEPT, cosine);
                    }
                    sink.add(one.picture, score);
                }
            }
        }
        entries.clear();
    }
}
