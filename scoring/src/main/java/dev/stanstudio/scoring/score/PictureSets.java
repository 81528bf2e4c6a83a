package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Draws;
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
        private final String training;
        private final float[] features;

        Kept(long unit, String training, float[] features) {
            this.unit = unit;
            this.training = training;
            this.features = features;
        }
    }

    private final TreeMap<String, Kept> kept = new TreeMap<>();
    private long seen;

    /**
     * Adds a picture.
     *
     * @param key its hash and unit, so that the same picture under another seed is another one
     * @param training its training; empty for none
     */
    void add(String key, long unit, String training, float[] features) {
        seen++;
        String order = Long.toHexString(PoissonWeights.unit(key)) + key + training;
        kept.put(order, new Kept(unit, training, features));
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

    /** Returns the number of trainings; 0 where none is known. */
    int trainings() {
        long count = kept.values().stream().map(one -> one.training).distinct().count();
        boolean known = kept.values().stream().anyMatch(one -> !one.training.isEmpty());
        return known ? (int) count : 0;
    }

    /** Returns the weights of each kept picture, over trainings too where there are several. */
    List<byte[]> weights(PoissonWeights weights) {
        boolean several = trainings() > 1;
        List<byte[]> all = new ArrayList<>();
        for (Kept one : kept.values()) {
            byte[] units = weights.of(one.unit);
            all.add(
                    several
                            ? product(units, weights.of(Draws.Source.training(one.training)))
                            : units);
        }
        return all;
    }

    private static byte[] product(byte[] a, byte[] b) {
        byte[] product = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = (byte) Math.min(Byte.MAX_VALUE, a[i] * b[i]);
        }
        return product;
    }
}
