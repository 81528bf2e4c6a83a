package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The rectified-flow loss (Esser et al. 2024) as the reference's training script computes it
 * (diffusers train_dreambooth_lora_sd3.py): the mean of w(σ)·(v − (ε − z))², or with preconditioned
 * outputs of w(σ)·((x − σv) − z)².
 *
 * @param preconditioned whether clean latents are compared instead of velocities
 * @param weighting w
 * @param penalty what an error counts; the square above
 */
public record FlowObjective(boolean preconditioned, Weighting weighting, Penalty penalty)
        implements Objective {
    /** Clean latents, all levels alike: the reference's default. */
    public static final FlowObjective DEFAULT = new FlowObjective(true, Weighting.NONE);

    /** The loss with squares. */
    public FlowObjective(boolean preconditioned, Weighting weighting) {
        this(preconditioned, weighting, Penalty.SQUARE);
    }

    /** The factor of a noise level. */
    public enum Weighting {
        /** 1. */
        NONE("none", 0),
        /** σ⁻². */
        SIGMA_SQRT("sigma_sqrt", 1),
        /** 2 / (π(1 − 2σ + 2σ²)). */
        COSMAP("cosmap", 2);

        private final String label;
        private final int code;

        Weighting(String label, int code) {
            this.label = label;
            this.code = code;
        }

        /**
         * The weighting called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Weighting of(String label) {
            return Arrays.stream(values())
                    .filter(weighting -> weighting.label.equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "no weighting is called '%s'; use %s"
                                                    .formatted(
                                                            label,
                                                            Arrays.stream(values())
                                                                    .map(w -> w.label)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", ")))));
        }
    }

    private static final class Holder {
        static final Program PROGRAM = Program.load(FlowObjective.class, "flow.ts.py");
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public Tensor loss(Scope scope, Answer answer, double[] sigmas) {
        return Holder.PROGRAM.call(
                scope,
                "loss",
                answer.velocity(),
                answer.noisy(),
                answer.clean(),
                answer.noise(),
                sigmas,
                preconditioned,
                weighting.code,
                penalty.form().code(),
                penalty.deltas(sigmas),
                answer.emphasis().factors(),
                answer.emphasis().maskList(scope));
    }

    static Tensor plus(Scope scope, Tensor loss, Tensor more) {
        return Holder.PROGRAM.call(scope, "plus", loss, more);
    }
}
