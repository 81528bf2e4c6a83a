package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/** The part of the latents that keeps the initial picture between the steps. */
sealed interface LatentMask {
    /**
     * Returns {@code painted}, {@code known} where the picture is kept.
     *
     * @param share of the schedule's steps that are over, 0 … 1
     */
    Tensor keep(Scope scope, Tensor known, Tensor painted, double share);

    /**
     * Keeps the same part after every step.
     *
     * @param mask [1, 1, H, W], 1 where the picture is painted anew
     */
    record Hard(Tensor mask) implements LatentMask {
        @Override
        public Tensor keep(Scope scope, Tensor known, Tensor made, double share) {
            return LatentOps.blend(scope, known, made, mask);
        }
    }

    /**
     * Differential diffusion (Levin and Fried 2023, algorithm 1): a place of strength s joins when
     * the share 1 − s of the schedule is over, where image-to-image of strength s begins.
     *
     * @param kept [1, 1, H, W], 1 − s at each place
     */
    record Differential(Tensor kept) implements LatentMask {
        @Override
        public Tensor keep(Scope scope, Tensor known, Tensor made, double share) {
            return LatentOps.keepAbove(scope, known, made, kept, share);
        }
    }
}
