package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.util.List;

/**
 * Perturbed-attention guidance (Ahn et al. 2024; diffusers StableDiffusion3PAGPipeline): a further
 * velocity is predicted with image tokens that do not attend to one another in some blocks, and the
 * guided one is extrapolated away from it. Works without classifier-free guidance too.
 *
 * @param layers blocks in which it happens
 * @param scale strength
 * @param steps when it acts
 */
public record PerturbedAttention(List<Integer> layers, double scale, StepShare steps) {
    /** Keeps each layer once; refuses an empty list and a scale that is no number. */
    public PerturbedAttention {
        layers = Missing.copy(layers, "layers of perturbed attention").stream().distinct().toList();
        Missing.refuse(steps, "steps of perturbed attention");
        if (layers.isEmpty()) {
            throw new ArgumentException("perturbed-attention guidance needs at least one layer");
        }
        if (!Double.isFinite(scale)) {
            throw new ArgumentException(
                    "the scale of perturbed-attention guidance must be a number, not " + scale);
        }
    }
}
