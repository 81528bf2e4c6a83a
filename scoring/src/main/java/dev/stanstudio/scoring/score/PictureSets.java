package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.PoissonWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * At most {@value #MOST} pictures of a method and a style, for metrics that compare all with all.
 * Of more, those with the smallest hashes stay: a random choice that does not depend on the order.
 */
final class PictureSets {
    /** Pictures kept. */
    static final int MOST = 256;

    private static final class Kept {
        private final long unit;
        private final float[] features;

        Kept(long unit, float[] features) {
            this.unit = unit;
            this.features = features;
        }
    }

    private final TreeMap<String, Kept> kept = new TreeMap<>();
    private long seen;

    /**
     * Adds a picture.
     *
     * @param key its hash and unit, so that the same picture under another seed is another one
     */
    void add(String key, long unit, float[] features) {
        seen++;
        String order = Long.toHexString(PoissonWeights.unit(key)) + key;
        kept.put(order, new Kept(unit, features));
        if (kept.size() > MOST) {
            kept.pollLastEntry();
        }
    }

    /** Pictures met. */
    long seen() {
        return seen;
    }

    int size() {
        return kept.size();
    }

    float[][] rows() {
        return kept.values().stream().map(one -> one.features).toArray(float[][]::new);
    }

    /** The weights of each kept picture. */
    List<byte[]> weights(PoissonWeights weights) {
        List<byte[]> all = new ArrayList<>();
        kept.values().forEach(one -> all.add(weights.of(one.unit)));
        return all;
    }
}
