package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.text.PromptEmbeds;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * Computes the guided velocity of one request: the transformer under its prompts, with
 * classifier-free and skip-layer guidance (diffusers pipeline_stable_diffusion_3.py). Shared by the
 * request's pictures.
 */
final class GuidedTransformer {
    private final Mmdit transformer;
    private final Mmdit.Conditioning text;
    private final Mmdit.@Nullable Conditioning positive;
    private final double guidance;
    private final @Nullable SkipLayerGuidance skip;
    private final AdapterLoader.@Nullable Loaded adapters;

    /**
     * Embeds the prompts for all steps; {@code scope} owns the tensors.
     *
     * @param negative the negative prompt, or null without guidance
     * @param adapters adapters of the transformer, or null
     */
    GuidedTransformer(
            Scope scope,
            Mmdit transformer,
            PromptEmbeds prompt,
            @Nullable PromptEmbeds negative,
            double guidance,
            @Nullable SkipLayerGuidance skip,
            AdapterLoader.@Nullable Loaded adapters) {
        this.transformer = transformer;
        this.guidance = guidance;
        this.skip = skip;
        this.adapters = adapters;
        try (Scope local = Scope.open("prompts")) {
            Tensor tokens = prompt.tokens();
            Tensor pooled = prompt.pooled();
            if (negative != null) {
                tokens = Tensors.concat(local, List.of(negative.tokens(), tokens), 0);
                pooled = Tensors.concat(local, List.of(negative.pooled(), pooled), 0);
            }
            text =
                    transformer.condition(
                            scope,
                            tokens,
                            pooled,
                            prompt.lastRepeats(),
                            adapters == null ? null : adapters.adapters(1));
        }
        positive = negative == null ? null : text.rows(scope, 1, 2);
    }

    private Mmdit.Conditioning at(int step, Mmdit.Conditioning conditioning) {
        return adapters == null ? conditioning : conditioning.with(adapters.adapters(step + 1));
    }

    /**
     * Returns v for latents [1, C, H, W] at a timestep.
     *
     * @param step number of the denoising step, of {@code steps}
     */
    Tensor velocity(
            Scope owner,
            Tensor latents,
            double timestep,
            int step,
            int steps,
            CancellationCheck cancellation) {
        BlockListener beforeBlock = block -> cancellation.check();
        BlockListener reported =
                adapters == null ? beforeBlock : new Reported(beforeBlock, adapters);
        if (positive == null) {
            return transformer.forward(
                    owner, latents, new double[] {timestep}, at(step, text), Set.of(), reported);
        }
        try (Scope local = Scope.open("guidance")) {
            Tensor both =
                    transformer.forward(
                            local,
                            LatentOps.twice(local, latents),
                            new double[] {timestep, timestep},
                            at(step, text),
                            Set.of(),
                            reported);
            if (skip == null || !skip.actsAt(step, steps)) {
                return LatentOps.guide(owner, both, guidance);
            }
            Tensor skipped =
                    transformer.forward(
                            local,
                            latents,
                            new double[] {timestep},
                            at(step, positive),
                            Set.copyOf(skip.layers()),
                            beforeBlock);
            Tensor guided = LatentOps.guide(local, both, guidance);
            return LatentOps.guideSkip(owner, guided, both, skipped, skip.scale());
        }
    }

    /** Tells the adapters after each block too. */
    private record Reported(BlockListener before, AdapterLoader.Loaded adapters)
            implements BlockListener {
        @Override
        public void beforeBlock(int index) {
            before.beforeBlock(index);
        }

        @Override
        public void afterBlock(int index) {
            adapters.afterBlock(index);
        }
    }
}
