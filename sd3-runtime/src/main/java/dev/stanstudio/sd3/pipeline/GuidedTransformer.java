package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.ControlSamples;
import dev.stanstudio.sd3.mmdit.ImagePrompt;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.text.PromptEmbeds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the guided velocity of one request: the transformer under its prompts, with
 * classifier-free, skip-layer and perturbed-attention guidance (diffusers
 * pipeline_stable_diffusion_3.py, pipeline_pag_sd_3.py). Shared by the request's pictures.
 */
final class GuidedTransformer {
    private final Mmdit transformer;
    private final Mmdit.Conditioning text;
    private final Mmdit.Conditioning positive;
    private final boolean guided;
    private final @Nullable SkipLayerGuidance skip;
    private final @Nullable PerturbedAttention perturbed;
    private final AdapterLoader.@Nullable Loaded adapters;
    private final PromptedControls controlNets;

    /**
     * Holds what belongs to one picture: what its guidance keeps, and its control pictures.
     *
     * @param guider of the picture
     * @param controls of {@link #controls}
     */
    record OfPicture(Guider guider, PromptedControls.OfPicture controls) {}

    /**
     * Embeds the prompts for all steps; {@code scope} owns the tensors.
     *
     * @param negative the negative prompt, or null without guidance
     * @param adapters adapters of the transformer, or null
     * @param controls control networks of the model, perhaps none
     * @param images pictures that it sees beside the prompts, or null
     */
    GuidedTransformer(
            Scope scope,
            Controls controls,
            PromptEmbeds prompt,
            @Nullable PromptEmbeds negative,
            @Nullable SkipLayerGuidance skip,
            @Nullable PerturbedAttention perturbed,
            AdapterLoader.@Nullable Loaded adapters,
            @Nullable ImagePrompt images) {
        transformer = controls.model().transformer();
        this.guided = negative != null;
        this.skip = negative == null ? null : skip;
        this.perturbed = perturbed;
        this.adapters = adapters;
        try (Scope local = Scope.open("prompts")) {
            Tensor tokens = prompt.tokens();
            Tensor pooled = prompt.pooled();
            if (negative != null) {
                tokens = Tensors.concat(local, List.of(negative.tokens(), tokens), 0);
                pooled = Tensors.concat(local, List.of(negative.pooled(), pooled), 0);
            }
            text =
                    transformer
                            .condition(
                                    scope,
                                    tokens,
                                    pooled,
                                    prompt.lastRepeats(),
                                    adapters == null ? null : adapters.adapters(1))
                            .seeing(images);
            controlNets =
                    PromptedControls.of(scope, controls, tokens, pooled, prompt.lastRepeats());
        }
        positive = negative == null ? text : text.rows(scope, 1, 2);
    }

    /** Draws the control pictures of a picture; {@code scope} owns them. */
    PromptedControls.OfPicture controls(Scope scope, long seed) {
        return controlNets.ofPicture(scope, seed);
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
            OfPicture picture,
            int step,
            int steps,
            CancellationCheck cancellation) {
        Guider guider = picture.guider();
        if (guided && guider.rests(step)) {
            return LatentOps.rest(owner, latents);
        }
        List<Weaker> weaker = weaker(step, steps);
        boolean both = guided && guider.guides(step, steps);
        try (Scope local = Scope.open("guidance")) {
            Step now = new Step(step, steps, timestep);
            Pass pass = new Pass(local, latents, now, picture.controls(), both, cancellation);
            if (!both && weaker.isEmpty() && !guider.rescales()) {
                return pass.positive(owner);
            }
            Tensor predicted;
            Tensor v;
            if (both) {
                Tensor pair = pass.pair(local);
                predicted = LatentOps.positive(local, pair);
                v = guider.guide(local, pair, step, steps);
            } else {
                predicted = pass.positive(local);
                v = predicted;
            }
            for (Weaker one : weaker) {
                Tensor weak = pass.weak(local, one.perturbation());
                v = LatentOps.awayFrom(local, v, predicted, weak, one.scale());
            }
            if (guider.rescales()) {
                v = guider.rescaled(local, v, predicted);
            }
            return owner.adopt(v, local);
        }
    }

    /** A prediction that the guided velocity is led away from. */
    private record Weaker(Perturbation perturbation, double scale) {}

    private List<Weaker> weaker(int step, int steps) {
        List<Weaker> weaker = new ArrayList<>();
        if (skip != null && skip.actsAt(step, steps)) {
            weaker.add(new Weaker(Perturbation.skipping(skip.layers()), skip.scale()));
        }
        if (perturbed != null && perturbed.steps().contains(step, steps)) {
            Perturbation unattending = Perturbation.unattending(perturbed.layers());
            weaker.add(new Weaker(unattending, perturbed.scale()));
        }
        return weaker;
    }

    private record Step(int index, int count, double timestep) {}

    /** The passes of one step through the transformer. */
    private final class Pass {
        private final Tensor latents;
        private final Step step;
        private final Tensor input;
        private final ControlSamples control;
        private final ControlSamples positiveControl;
        private final BlockListener beforeBlock;
        private final BlockListener reported;

        /** Runs the control networks, for both predictions or for the positive one alone. */
        Pass(
                Scope scope,
                Tensor latents,
                Step step,
                PromptedControls.OfPicture controls,
                boolean both,
                CancellationCheck cancellation) {
            this.latents = latents;
            this.step = step;
            beforeBlock = block -> cancellation.check();
            reported = adapters == null ? beforeBlock : new Reported(beforeBlock, adapters);
            input = both ? LatentOps.twice(scope, latents) : latents;
            control =
                    controls.samples(
                            scope, input, step.timestep(), step.index(), step.count(), beforeBlock);
            positiveControl = both ? control.rows(scope, 1, 2) : control;
        }

        /** Returns the velocities [negative; positive]. */
        Tensor pair(Scope owner) {
            return transformer.forward(
                    owner,
                    input,
                    new double[] {step.timestep(), step.timestep()},
                    at(step.index(), text),
                    Perturbation.NONE,
                    control,
                    reported);
        }

        /** Returns the positive velocity. */
        Tensor positive(Scope owner) {
            return positive(owner, Perturbation.NONE, reported);
        }

        /** Returns the positive velocity of a weaker network, which adapters are not told of. */
        Tensor weak(Scope owner, Perturbation perturbation) {
            return positive(owner, perturbation, beforeBlock);
        }

        private Tensor positive(Scope owner, Perturbation perturbation, BlockListener listener) {
            return transformer.forward(
                    owner,
                    latents,
                    new double[] {step.timestep()},
                    at(step.index(), positive),
                    perturbation,
                    positiveControl,
                    listener);
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
