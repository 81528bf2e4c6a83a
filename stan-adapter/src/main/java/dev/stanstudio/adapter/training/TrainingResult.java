package dev.stanstudio.adapter.training;

import dev.stanstudio.sd3.model.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes the adapters of a training.
 *
 * @param source the model
 * @param targets its modules as PEFT names them
 * @param notes how it is trained; which weights were written is added
 */
record TrainingResult(
        ModelSource source,
        AdapterTrainingRun training,
        List<String> targets,
        Map<String, String> notes) {
    private static final String EXPORTED = "exported";

    /** Writes the weights that {@code exported} asks for; the last ones where none are best. */
    void write(Export exported, Path folder, Path out) {
        long best = training.best().step();
        if (exported == Export.LAST || best == 0) {
            writeLast(training.steps(), out);
            return;
        }
        notes.put(EXPORTED, "step " + best + ", validation loss " + training.best().loss());
        training.writeBest(folder, out, source.name(), source.fingerprint(), targets, notes);
    }

    /** Writes the weights as they are, after {@code step}. */
    void writeLast(long step, Path out) {
        notes.put(EXPORTED, "step " + step);
        training.write(out, source.name(), source.fingerprint(), targets, notes);
    }
}
