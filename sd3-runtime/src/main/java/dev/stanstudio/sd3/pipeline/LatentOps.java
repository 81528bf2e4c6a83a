package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Device;
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

    /** Returns the second half of a batch [negative; positive]. */
    static Tensor positive(Scope scope, Tensor velocities) {
        return PROGRAM.call(scope, "positive_of", velocities);
    }

    /** Returns {@code guided} extrapolated away from a weaker prediction than the positive one. */
    static Tensor awayFrom(
            Scope scope, Tensor guided, Tensor positive, Tensor weaker, double scale) {
        return PROGRAM.call(scope, "away_from", guided, positive, weaker, scale);
    }

    /** Returns a batch [negative; positive] with the negative velocity scaled (CFG-Zero*). */
    static Tensor zeroStar(Scope scope, Tensor velocities) {
        return PROGRAM.call(scope, "zero_star", velocities);
    }

    /** Returns the positive velocity without the negative one. */
    static Tensor change(Scope scope, Tensor velocities) {
        return PROGRAM.call(scope, "change", velocities);
    }

    /** Returns {@code now + factor * before}. */
    static Tensor addScaled(Scope scope, Tensor now, Tensor before, double factor) {
        return PROGRAM.call(scope, "add_scaled", now, before, factor);
    }

    /** Returns the change limited in length, its part along the positive velocity times eta. */
    static Tensor project(Scope scope, Tensor change, Tensor velocities, double eta, double norm) {
        return PROGRAM.call(scope, "project_change", change, velocities, eta, norm);
    }

    /** Returns the positive velocity plus {@code scale} times a change. */
    static Tensor guideBy(Scope scope, Tensor velocities, Tensor change, double scale) {
        return PROGRAM.call(scope, "guide_by", velocities, change, scale);
    }

    /** Returns {@code guided} of which a share has the deviation of {@code positive}. */
    static Tensor rescale(Scope scope, Tensor guided, Tensor positive, double share) {
        return PROGRAM.call(scope, "rescale", guided, positive, share);
    }

    /** Returns a velocity of zeros for {@code latents}. */
    static Tensor rest(Scope scope, Tensor latents) {
        return PROGRAM.call(scope, "rest", latents);
    }

    /** Returns 1 − {@code mask}: 1 where the picture is kept. */
    static Tensor kept(Scope scope, Tensor mask) {
        return PROGRAM.call(scope, "kept", mask);
    }

    /** Returns a picture of edges in −1…1 in the range of Stability's network for Canny. */
    static Tensor edgeValues(Scope scope, Tensor picture) {
        return PROGRAM.call(scope, "edge_values", picture);
    }

    /** Returns {@code clean} latents at the noise level {@code sigma}. */
    static Tensor addNoise(Scope scope, Tensor clean, Tensor noise, double sigma) {
        return PROGRAM.call(scope, "add_noise", clean, noise, sigma);
    }

    /** Returns {@code painted} where {@code mask} is 1, and {@code known} where it is 0. */
    static Tensor blend(Scope scope, Tensor known, Tensor painted, Tensor mask) {
        return PROGRAM.call(scope, "blend", known, painted, mask);
    }

    /**
     * Returns {@code known} where {@code kept} is above {@code share}, {@code painted} elsewhere.
     */
    static Tensor keepAbove(Scope scope, Tensor known, Tensor painted, Tensor kept, double share) {
        return PROGRAM.call(scope, "keep_above", known, painted, kept, share);
    }

    /** Returns 1 − strength [1, 1, H, W] in fp32 of grey bytes [H, W, 1], 255 for strength 1. */
    static Tensor levels(Scope scope, Tensor grey, Device device) {
        return PROGRAM.call(scope, "latent_levels", grey, device);
    }

    /** Returns the mask of latents [1, 1, H / factor, W / factor] of a grey picture [H, W]. */
    static Tensor mask(Scope scope, Tensor grey, long factor, Placement placement) {
        return PROGRAM.call(
                scope, "latent_mask", grey, factor, placement.device(), placement.dtype());
    }

    /** Returns latents [1, C, H, W] enlarged to {@code height} × {@code width}. */
    static Tensor enlarge(Scope scope, Tensor latents, long height, long width, Enlarging by) {
        String method =
                switch (by) {
                    case LATENT -> "enlarged";
                    case LATENT_NEAREST -> "enlarged_nearest";
                    case LATENT_BICUBIC -> "enlarged_bicubic";
                    case PICTURE, UPSCALER ->
                            throw new IllegalArgumentException(by + " enlarges pictures");
                };
        return PROGRAM.call(scope, method, latents, height, width);
    }

    /** Returns a picture [1, 3, H, W] in 0…1 of bytes [H, W, 3]. */
    static Tensor unit(Scope scope, Tensor bytes) {
        return PROGRAM.call(scope, "unit", bytes);
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
