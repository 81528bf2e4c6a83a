package dev.stanstudio.web.reproduce;

import dev.stanstudio.training.LossLog;
import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.util.List;

/**
 * Summarises the log of a finished training.
 *
 * @param steps updates made
 * @param first validation loss at the first validation
 * @param last validation loss at the end; NaN where nothing was held out
 * @param best smallest validation loss
 * @param stepSeconds mean seconds of an update
 */
record TrainingResult(long steps, double first, double last, double best, double stepSeconds) {
    /**
     * Reads the log in {@code folder}.
     *
     * @throws dev.stanstudio.base.UserException if it cannot be read or a line is no JSON
     */
    static TrainingResult read(Path folder) {
        LossLog log = LossLog.read(folder.resolve(TrainingLoop.LOG));
        List<Double> losses = log.validation().values();
        return new TrainingResult(
                log.steps(),
                losses.isEmpty() ? Double.NaN : losses.get(0),
                losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1),
                losses.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN),
                log.stepSeconds());
    }
}
