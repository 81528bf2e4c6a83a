package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.TrainingEstimate;
import org.jspecify.annotations.Nullable;

/**
 * Describes the trainings behind a number.
 *
 * @param count how many
 * @param interval the rule of its interval and p; for one training they speak of that one only
 * @param deviation standard deviation between the trainings; null for one
 * @param low lower end of the interval by a bootstrap over trainings, then prompts; null for one
 * @param high its upper end, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trainings(
        int count,
        String interval,
        @Nullable Double deviation,
        @Nullable Double low,
        @Nullable Double high) {
    /** Returns those of an estimate; null where no training is known. */
    static @Nullable Trainings of(TrainingEstimate estimate) {
        int count = estimate.trainings();
        if (count == 0) {
            return null;
        }
        Estimate bootstrap = estimate.bootstrap();
        return new Trainings(
                count,
                count == 1
                        ? "of this training only"
                        : count < TrainingEstimate.MANY
                                ? "t over trainings and prompts"
                                : "bootstrap over trainings, then prompts",
                estimate.deviation(),
                bootstrap == null ? null : bootstrap.low(),
                bootstrap == null ? null : bootstrap.high());
    }
}
