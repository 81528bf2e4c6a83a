package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.Map;

/**
 * Departures from a plain update.
 *
 * @param outputRate learning rate of the matrices that make outputs, B or D, as a multiple of the
 *     others': LoRA+ (Hayou et al. 2024)
 * @param rankDropout share of the ranks that each update leaves out, drawn for each module from
 *     seed and step; the others count 1 / (1 − share)
 * @param inputDropout share of the adapter's inputs that each update leaves out likewise
 */
record StepVariants(double outputRate, double rankDropout, double inputDropout) {
    /** None. */
    static final StepVariants NONE = new StepVariants(1, 0, 0);

    StepVariants {
        if (!(outputRate > 0 && Double.isFinite(outputRate))) {
            throw new ArgumentException("--lora-plus-ratio must be above 0, not " + outputRate);
        }
        requireShare("--rank-dropout", rankDropout);
        requireShare("--adapter-dropout", inputDropout);
    }

    private static void requireShare(String option, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new ArgumentException(
                    "%s must be at least 0 and less than 1, not %s".formatted(option, share));
        }
    }

    /** Returns whether an adapter is made for them in another way than without. */
    boolean drop() {
        return rankDropout > 0 || inputDropout > 0;
    }

    /** Names the last one only where it is used, as records of earlier trainings do. */
    @Override
    public String toString() {
        String known = "outputRate=%s, rankDropout=%s".formatted(outputRate, rankDropout);
        String more = inputDropout > 0 ? ", inputDropout=" + inputDropout : "";
        return "StepVariants[%s%s]".formatted(known, more);
    }

    /**
     * Refuses a kind that lacks what is asked for.
     *
     * @param modules weight shape [out, in] by module path
     */
    void requireFits(AdapterKind kind, Map<String, long[]> modules) {
        if (inputDropout > 0 && !kind.dropsInputs()) {
            throw new ArgumentException(
                    "%s takes all its inputs; leave --adapter-dropout out".formatted(kind.label()));
        }
        modules.forEach(
                (module, shape) -> {
                    ProjectionPart part = kind.part(module, shape[0], shape[1]);
                    if (outputRate != 1
                            && kind.outputTensors(module, shape[0], shape[1]).isEmpty()) {
                        throw new ArgumentException(
                                "%s has no matrix of outputs; leave --lora-plus-ratio out"
                                        .formatted(kind.label()));
                    }
                    if (rankDropout > 0 && (part.form() != Form.LOW_RANK || part.gate() != null)) {
                        throw new ArgumentException(
                                "%s has no plain ranks; leave --rank-dropout out"
                                        .formatted(kind.label()));
                    }
                });
    }
}
