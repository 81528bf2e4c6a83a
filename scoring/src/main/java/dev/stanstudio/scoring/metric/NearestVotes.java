package dev.stanstudio.scoring.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names a picture by its nearest neighbours, each voting with e^(cosine / 0.07), as DINO's k-NN
 * evaluation does (facebookresearch/dino eval_knn.py). Not thread-safe while it is filled.
 */
public final class NearestVotes {
    /** Neighbours that vote. */
    public static final int NEIGHBOURS = 10;

    private static final double TEMPERATURE = 0.07;

    private final List<String> labels = new ArrayList<>();
    private final List<double[]> units = new ArrayList<>();

    /** Adds a known picture by its direction, a vector of length 1. */
    public void add(String label, double[] unit) {
        labels.add(label);
        units.add(unit.clone());
    }

    /** The label with the most votes; the first by name of equal ones. */
    public String predict(double[] unit) {
        Map<String, Double> votes = new TreeMap<>();
        nearest(unit, NEIGHBOURS)
                .forEach(
                        i ->
                                votes.merge(
                                        labels.get(i),
                                        Math.exp(Vectors.dot(unit, units.get(i)) / TEMPERATURE),
                                        Double::sum));
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    /** Numbers of the {@code count} nearest known pictures, nearest first. */
    public List<Integer> nearest(double[] unit, int count) {
        List<Integer> all = new ArrayList<>();
        double[] cosines = new double[units.size()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = Vectors.dot(unit, units.get(i));
            all.add(i);
        }
        all.sort(Comparator.comparingDouble(i -> -cosines[i]));
        return List.copyOf(all.subList(0, Math.min(count, all.size())));
    }
}
