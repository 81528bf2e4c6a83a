package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;

/**
 * Adaptive projected guidance (Sadat et al. 2024, algorithm 1; diffusers AdaptiveProjectedGuidance
 * with its original formulation): what guidance changes is averaged over the steps, limited in
 * length, and its part along the positive prediction, which oversaturates, is weakened.
 *
 * @param eta factor of the parallel part; 1 keeps it
 * @param norm greatest length of the change over all latents; 0 limits nothing
 * @param momentum factor of the running average, below 1; negative values lead away from past
 *     changes
 */
public record ProjectedGuidance(double eta, double norm, double momentum) {
    /** Refuses numbers that cannot work. */
    public ProjectedGuidance {
        if (!Double.isFinite(eta)) {
            throw new ArgumentException(
                    "the eta of projected guidance must be a number, not " + eta);
        }
        if (!(norm >= 0 && Double.isFinite(norm))) {
            throw new ArgumentException(
                    "the norm of projected guidance must be 0 or more, not " + norm);
        }
        if (!(momentum > -1 && momentum < 1)) {
            throw new ArgumentException(
                    "the momentum of projected guidance must lie between -1 and 1, not "
                            + momentum);
        }
    }
}
