package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Variants of classifier-free guidance. They combine: the negative prediction is scaled
 * (CFG-Zero*), the change projected (APG), the result led away from weaker predictions (skip-layer,
 * perturbed attention) and its contrast pulled back (rescale). Written in JSON and on pages as
 * {@link #parse} reads them.
 *
 * @param schedule the scale of each step in place of one for all, or null
 * @param interval steps that are guided (Kynkäänniemi et al. 2024); the others take the positive
 *     prediction alone, in half the time. Null for all
 * @param rescale share of the guided velocity that is brought to the deviation of the positive
 *     prediction, 0 … 1 (Lin et al. 2023, section 3.4)
 * @param zeroStar CFG-Zero*, or null
 * @param projected adaptive projected guidance, or null
 * @param perturbed perturbed-attention guidance, or null
 */
public record GuidanceOptions(
        @Nullable GuidanceSchedule schedule,
        @Nullable StepShare interval,
        double rescale,
        @Nullable ZeroStar zeroStar,
        @Nullable ProjectedGuidance projected,
        @Nullable PerturbedAttention perturbed) {
    /** Classifier-free guidance as it is. */
    public static final GuidanceOptions PLAIN =
            new GuidanceOptions(null, null, 0, null, null, null);

    /** Refuses a share outside 0 … 1. */
    public GuidanceOptions {
        interval = StepShare.ALL.equals(interval) ? null : interval;
        if (!(rescale >= 0 && rescale <= 1)) {
            throw new ArgumentException(
                    "the rescaling of guidance must lie within 0 … 1, not " + rescale);
        }
    }

    /** Options without a schedule of the scale. */
    public GuidanceOptions(
            @Nullable StepShare interval,
            double rescale,
            @Nullable ZeroStar zeroStar,
            @Nullable ProjectedGuidance projected,
            @Nullable PerturbedAttention perturbed) {
        this(null, interval, rescale, zeroStar, projected, perturbed);
    }

    /**
     * Reads {@code schedule=linear:7-3+interval=0.2-0.8+rescale=0.7+cfg-zero=1+apg=0:9:-0.5} and
     * {@code pag=1,2x1.5@0-0.5}, any of them; {@code plain} or nothing is guidance as it is.
     *
     * @throws ArgumentException that names what is wrong
     */
    @JsonCreator
    public static GuidanceOptions parse(@Nullable String text) {
        return GuidanceText.read(text);
    }

    /** Returns the same variants with a schedule of the scale; null is one for all steps. */
    public GuidanceOptions withSchedule(@Nullable GuidanceSchedule other) {
        return new GuidanceOptions(other, interval, rescale, zeroStar, projected, perturbed);
    }

    /** Returns the scale of step {@code index} of {@code steps}; {@code constant} for all. */
    double scale(double constant, int index, int steps) {
        return schedule == null ? constant : schedule.at(index, steps);
    }

    /** Returns true if step {@code index} of {@code steps} has a negative prediction. */
    boolean guides(int index, int steps) {
        return Objects.requireNonNullElse(interval, StepShare.ALL).contains(index, steps);
    }

    /** Returns true if one of them works beside a negative prediction only. */
    public boolean needGuidance() {
        return schedule != null || interval != null || zeroStar != null || projected != null;
    }

    /**
     * Returns the parts that act in none of {@code steps} steps from step {@code first} on, as they
     * are typed.
     */
    public List<String> idle(int first, int steps) {
        List<String> idle = new ArrayList<>();
        if (interval != null && interval.isEmpty(first, steps)) {
            idle.add(new GuidanceOptions(null, interval, 0, null, null, null).toString());
        }
        if (perturbed != null && perturbed.steps().isEmpty(first, steps)) {
            idle.add(new GuidanceOptions(null, null, 0, null, null, perturbed).toString());
        }
        return idle;
    }

    /** Returns the text that {@link #parse} reads. */
    @JsonValue
    @Override
    public String toString() {
        return GuidanceText.write(this);
    }
}
