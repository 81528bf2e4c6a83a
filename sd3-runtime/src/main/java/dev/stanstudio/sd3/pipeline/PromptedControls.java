package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.mmdit.ControlSamples;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.vae.Vae;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The control networks of a request under its prompts. Immutable; shared by the request's pictures.
 *
 * @param rows 2 with guidance, [negative; positive], else 1
 */
record PromptedControls(Mmdit transformer, Vae vae, int rows, List<Under> networks) {
    private record Under(Controls.One control, Mmdit.Conditioning text) {}

    /** Embeds the prompts for each network; {@code scope} owns the tensors. */
    static PromptedControls of(
            Scope scope, Controls controls, Tensor tokens, Tensor pooled, int lastRepeats) {
        List<Under> networks = new ArrayList<>();
        try (Scope local = Scope.open("prompts of control networks")) {
            Tensor zeros = LatentOps.rest(local, pooled);
            for (Controls.One one : controls.all()) {
                Tensor text = one.config().zeroPooled() ? zeros : pooled;
                ControlNet network = one.opened().network();
                networks.add(new Under(one, network.condition(scope, tokens, text, lastRepeats)));
            }
        }
        int rows = (int) pooled.size(0);
        return new PromptedControls(
                controls.model().transformer(), controls.model().vae(), rows, networks);
    }

    /**
     * Draws the posteriors of the control pictures for one picture, from a generator of their own
     * with the picture's seed, so that the picture's noise is what it is without them. The
     * reference's pipeline draws them from PyTorch's global generator, a row for each prediction,
     * but one for both with a mask.
     */
    OfPicture ofPicture(Scope scope, long seed) {
        List<Tensor> tokens = new ArrayList<>();
        try (Scope local = Scope.open("control pictures")) {
            RandomSource random = RandomSource.seeded(local, seed);
            for (Under under : networks) {
                tokens.add(tokens(scope, under.control(), random));
            }
        }
        return new OfPicture(tokens);
    }

    private Tensor tokens(Scope scope, Controls.One control, RandomSource random) {
        try (Scope local = Scope.open("control latents")) {
            Tensor moments = control.moments();
            Tensor kept = control.kept();
            long drawn = kept == null ? rows : 1;
            long[] shape = {drawn, vae.config().latentChannels(), moments.size(2), moments.size(3)};
            Tensor noise = StartLatents.draw(local, vae.placement(), random, shape);
            Tensor latents = vae.sample(local, moments, noise, control.shift(vae));
            if (kept != null) {
                latents = Tensors.concat(local, List.of(latents, kept), 1);
                latents = Tensors.repeatRows(local, latents, rows);
            }
            return control.opened().network().embedPicture(scope, latents);
        }
    }

    /** The networks with the control pictures of one picture. */
    final class OfPicture {
        private final List<Tensor> pictures;

        private OfPicture(List<Tensor> pictures) {
            this.pictures = List.copyOf(pictures);
        }

        /**
         * Returns what the networks add in a step; {@code owner} owns it.
         *
         * @param latents [B, C, H, W], for the last B of the rows
         */
        ControlSamples samples(
                Scope owner,
                Tensor latents,
                double timestep,
                int step,
                int steps,
                BlockListener listener) {
            long count = latents.size(0);
            double[] timesteps = new double[(int) count];
            Arrays.fill(timesteps, timestep);
            List<List<Tensor>> all = new ArrayList<>();
            for (int i = 0; i < networks.size(); i++) {
                Under under = networks.get(i);
                ControlInput input = under.control().input();
                if (!input.actsAt(step, steps)) {
                    continue;
                }
                try (Scope local = Scope.open("rows")) {
                    all.add(
                            under.control()
                                    .opened()
                                    .network()
                                    .forward(
                                            owner,
                                            transformer,
                                            latents,
                                            timesteps,
                                            under.text().rows(local, rows - count, rows),
                                            Tensors.narrow(
                                                    local, pictures.get(i), 0, rows - count, rows),
                                            input.scale(),
                                            listener));
                }
            }
            return new ControlSamples(all);
        }
    }
}
