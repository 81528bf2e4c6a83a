package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Vectors;
import java.util.ArrayList;
import java.util.List;

/** Holds the pictures that a generated one could copy. Filled once, then read-only. */
final class TrainingPictures {
    /** Names the most similar training picture. */
    record Nearest(String file, double cosine) {}

    private final List<String> files = new ArrayList<>();
    private final List<float[]> units = new ArrayList<>();

    void add(String file, float[] vector) {
        files.add(file);
        units.add(Vectors.toFloats(Vectors.unit(vector)));
    }

    int size() {
        return files.size();
    }

    Nearest nearest(double[] unit) {
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < units.size(); i++) {
            double cosine = Vectors.dot(unit, units.get(i));
            if (cosine > largest) {
                largest = cosine;
                best = i;
            }
        }
        return new Nearest(files.get(best), largest);
    }
}
