package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Combines the predictions of one picture's steps into the guided velocity. Keeps the running
 * average of projected guidance, so that each picture needs one of its own; belongs to one thread.
 */
final class Guider {
    private final Scope scope;
    private final double constant;
    private final GuidanceOptions options;
    private @Nullable Tensor average;

    /** {@code scope} owns what is kept from step to step. */
    Guider(Scope scope, SamplingOptions sampling) {
        this.scope = scope;
        constant = sampling.guidance();
        options = sampling.guiding();
    }

    /** Returns true if step {@code index} does not move. */
    boolean rests(int index) {
        ZeroStar zeroStar = options.zeroStar();
        return zeroStar != null && index < zeroStar.zeroSteps();
    }

    /** Returns true if step {@code index} of {@code steps} has a negative prediction. */
    boolean guides(int index, int steps) {
        boolean alone = options.schedule() != null && scale(index, steps) == 1;
        return !alone && options.guides(index, steps);
    }

    private double scale(int index, int steps) {
        return options.scale(constant, index, steps);
    }

    /**
     * Returns the guided velocity of a batch [negative; positive] in step {@code index} of {@code
     * steps}.
     */
    Tensor guide(Scope owner, Tensor both, int index, int steps) {
        double scale = scale(index, steps);
        try (Scope local = Scope.open("guider")) {
            Tensor v = options.zeroStar() == null ? both : LatentOps.zeroStar(local, both);
            ProjectedGuidance projected = options.projected();
            if (projected == null) {
                return LatentOps.guide(owner, v, scale);
            }
            Tensor change = averaged(LatentOps.change(local, v), projected.momentum());
            Tensor update = LatentOps.project(local, change, v, projected.eta(), projected.norm());
            return LatentOps.guideBy(owner, v, update, scale - 1);
        }
    }

    private Tensor averaged(Tensor change, double momentum) {
        if (momentum == 0) {
            return change;
        }
        Tensor before = average;
        Tensor next =
                before == null
                        ? LatentOps.addScaled(scope, change, change, 0)
                        : LatentOps.addScaled(scope, change, before, momentum);
        if (before != null) {
            scope.release(before);
        }
        average = next;
        return next;
    }

    /** Returns {@code guided} with its contrast pulled towards that of {@code positive}. */
    Tensor rescaled(Scope owner, Tensor guided, Tensor positive) {
        return LatentOps.rescale(owner, guided, positive, options.rescale());
    }

    /** Returns true if {@link #rescaled} changes anything. */
    boolean rescales() {
        return options.rescale() > 0;
    }
}
