package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.training.LearningRate;

/**
 * Holds the settings that train DINO from nothing.
 *
 * @param steps updates in all
 * @param batch pictures per update
 * @param pictures how many different pictures there are
 * @param dataSeed seed of the pictures, for the record
 * @param globalSide pixels of the two large views
 * @param localSide pixels of the small views
 * @param localViews how many of those
 * @param rate learning rate
 * @param teacherDecay decay of the teacher's average of the student
 * @param seed of weights and views
 * @param shards parts of a batch computed side by side; belongs to the result
 * @param dtype type the tower computes in; weights and head stay fp32
 */
public record DinoSettings(
        long steps,
        int batch,
        int pictures,
        long dataSeed,
        int globalSide,
        int localSide,
        int localViews,
        LearningRate rate,
        double teacherDecay,
        long seed,
        int shards,
        DType dtype) {
    /** Refuses sizes that cannot work. */
    public DinoSettings {
        if (steps < 1 || batch < 2 || pictures < 1 || shards < 1 || shards > batch) {
            String text =
                    "steps, batch and pictures must be at least 1, 2 and 1, and shards 1 … batch,"
                            + " not %d, %d, %d, %d";
            throw new ArgumentException(text.formatted(steps, batch, pictures, shards));
        }
        if (globalSide < 8 || localSide < 8 || localViews < 0) {
            throw new ArgumentException(
                    "views must have at least 8 pixels a side, not %d and %d"
                            .formatted(globalSide, localSide));
        }
        if (!(teacherDecay >= 0 && teacherDecay < 1)) {
            throw new ArgumentException("the teacher's decay must be 0 … 1, not " + teacherDecay);
        }
    }

    /** Returns a text of all settings that decide the result, which a checkpoint must match. */
    String identity() {
        return toString();
    }
}
