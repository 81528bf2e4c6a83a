package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;

/**
 * The arithmetic on latents around the transformer: {@code sampling.ts.py}. The given scope owns
 * each result. Thread-safe.
 */
final class LatentOps {
    private static final Program PROGRAM = Program.load(LatentOps.class, "sampling.ts.py");

    private LatentOps() {}

    /** Returns {@code latents} as both halves of a batch. */
    static Tensor twice(Scope scope, Tensor latents) {
        return PROGRAM.call(scope, "twice", latents);
    }

    /** Returns the guided velocity of a batch [negative; positive]. */
    static Tensor guide(Scope scope, Tensor velocities, double guidance) {
        return PROGRAM.call(scope, "guide", velocities, guidance);
    }

    /** Returns {@code guided} extrapolated away from the velocity without some blocks. */
    static Tensor guideSkip(
            Scope scope, Tensor guided, Tensor velocities, Tensor skipped, double scale) {
        return PROGRAM.call(scope, "guide_skip", guided, velocities, skipped, scale);
    }

    /** Returns {@code clean} latents at the noise level {@code sigma}. */
    static Tensor addNoise(Scope scope, Tensor clean, Tensor noise, double sigma) {
        return PROGRAM.call(scope, "add_noise", clean, noise, sigma);
    }

    /** Returns {@code painted} where {@code mask} is 1, and {@code known} where it is 0. */
    static Tensor blend(Scope scope, Tensor known, Tensor painted, Tensor mask) {
        return PROGRAM.call(scope, "blend", known, painted, mask);
    }

    /** Returns the mask of latents [1, 1, H / factor, W / factor] of a grey picture [H, W]. */
    static Tensor mask(Scope scope, Tensor grey, long factor, Placement placement) {
        return PROGRAM.call(
                scope, "latent_mask", grey, factor, placement.device(), placement.dtype());
    }

    /** Returns the clean latents to which {@code velocity} points. */
    static Tensor denoised(Scope scope, Tensor latents, Tensor velocity, double sigma) {
        return PROGRAM.call(scope, "denoised", latents, velocity, sigma);
    }

    /** Returns the bytes [H, W, 3] of a small picture of latents [1, C, H, W]. */
    static Tensor preview(Scope scope, Tensor latents, Tensor weights, Tensor offset) {
        return PROGRAM.call(scope, "preview", latents, weights, offset);
    }
}
