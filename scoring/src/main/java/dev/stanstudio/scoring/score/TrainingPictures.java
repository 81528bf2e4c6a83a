package dev.stanstudio.scoring.score;

import java.util.ArrayList;
import java.util.List;

/** Pictures that a generated one could be a copy of. Filled once, then read-only. */
final class TrainingPictures {
    /** The training picture that is most alike. */
    record Nearest(String file, double cosine) {}

    private final List<String> files = new ArrayList<>();
    private final List<float[]> units = new ArrayList<>();

    void add(String file, float[] vector) {
        double[] unit = UnitVectors.of(vector);
        float[] kept = new float[unit.length];
        for (int k = 0; k < kept.length; k++) {
            kept[k] = (float) unit[k];
        }
        files.add(file);
        units.add(kept);
    }

    int size() {
        return files.size();
    }

    Nearest nearest(double[] unit) {
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < units.size(); i++) {
            double cosine = UnitVectors.dot(unit, units.get(i));
            if (cosine > largest) {
                largest = cosine;
                best = i;
            }
        }
        return new Nearest(files.get(best), largest);
    }
}
