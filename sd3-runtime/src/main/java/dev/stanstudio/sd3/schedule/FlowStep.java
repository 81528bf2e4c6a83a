package dev.stanstudio.sd3.schedule;

/**
 * The numbers of one step from σ_s down to σ_t on the rectified-flow process, α = 1−σ, in float64.
 *
 * @param from σ_s, in (0, 1]
 * @param to σ_t, in [0, σ_s)
 */
record FlowStep(double from, double to) {
    /** Returns σ_t/σ_s. */
    double ratio() {
        return to / from;
    }

    /**
     * Returns α_t·(1 − e^(−h)) = α_t − α_s·σ_t/σ_s; the right-hand form is finite where λ is not:
     * at σ_s = 1 and at σ_t = 0.
     */
    double gain() {
        return (1.0 - to) - (1.0 - from) * ratio();
    }

    /** Returns h = λ_t − λ_s with λ = log α − log σ; infinite from σ_s = 1 and to σ_t = 0. */
    double width() {
        return lambda(to) - lambda(from);
    }

    /** Returns e^(−h) = α_s·σ_t/(σ_s·α_t), which is finite everywhere. */
    double decay() {
        return (1.0 - from) * ratio() / (1.0 - to);
    }

    private static double lambda(double sigma) {
        return StrictMath.log(Math.max(1 - sigma, 0)) - StrictMath.log(sigma);
    }
}
