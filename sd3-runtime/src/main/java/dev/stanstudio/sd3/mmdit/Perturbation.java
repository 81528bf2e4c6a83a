package dev.stanstudio.sd3.mmdit;

import java.util.List;
import java.util.Set;

/**
 * The blocks that a forward pass weakens, for guidance that leads away from the weaker prediction.
 *
 * @param skipped blocks to leave out (skip-layer guidance)
 * @param unattending blocks in which an image token attends to no other image token, only to itself
 *     and to the text (perturbed-attention guidance, Ahn et al. 2024; diffusers
 *     PAGJointAttnProcessor2_0)
 */
public record Perturbation(Set<Integer> skipped, Set<Integer> unattending) {
    /** A pass through the network as it is. */
    public static final Perturbation NONE = new Perturbation(Set.of(), Set.of());

    /** Copies both sets. */
    public Perturbation {
        skipped = Set.copyOf(skipped);
        unattending = Set.copyOf(unattending);
    }

    /** Returns a pass without {@code layers}. */
    public static Perturbation skipping(List<Integer> layers) {
        return new Perturbation(Set.copyOf(layers), Set.of());
    }

    /** Returns a pass in which image tokens of {@code layers} do not attend to one another. */
    public static Perturbation unattending(List<Integer> layers) {
        return new Perturbation(Set.of(), Set.copyOf(layers));
    }
}
