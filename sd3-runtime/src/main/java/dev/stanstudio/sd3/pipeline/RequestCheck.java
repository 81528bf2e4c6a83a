package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.schedule.SigmaTable;
import java.util.List;

/** Checks requests against a model, before anything is computed. */
record RequestCheck(Sd3Model model) {
    /**
     * Returns the noise levels of a request.
     *
     * @throws ArgumentException if the request does not fit the model
     */
    SigmaTable check(GenerationRequest request) {
        MmditConfig config = model.transformer().config();
        SizeLimits limits = SizeLimits.of(model.name(), config, model.vae().config());
        limits.check(request.width(), request.height());
        checkChannels(config);
        checkLayers(request, config);
        request.adapters().forEach(use -> use.blocks().check(model.name(), config.numLayers()));
        SigmaTable table = table(request);
        checkSteps(request, table);
        HiresPass hires = request.hires();
        if (hires != null) {
            GenerationRequest large = hires.second(request);
            limits.check(large.width(), large.height());
            SigmaTable second = table(large);
            ZeroStar.check(large.sampling(), second.steps());
            int unused = HiresRun.firstStep(hires, second);
        }
        return table;
    }

    private void checkChannels(MmditConfig config) {
        int latent = model.vae().config().latentChannels();
        if (config.inChannels() != latent || config.outChannels() != latent) {
            throw new ArgumentException(
                    "%s reads %d channels and writes %d, its autoencoder makes %d"
                            .formatted(
                                    model.name(),
                                    config.inChannels(),
                                    config.outChannels(),
                                    latent));
        }
    }

    /** Returns the noise levels for the size of a request. */
    SigmaTable table(GenerationRequest request) {
        int cell = model.vae().config().factor() * model.transformer().config().patchSize();
        int tokens = (request.width() / cell) * (request.height() / cell);
        return request.sampling().table(model.schedule(), tokens);
    }

    private static void checkSteps(GenerationRequest request, SigmaTable table) {
        ZeroStar.check(request.sampling(), table.steps());
        int first = request.firstStep(table.steps());
        ControlInput.checkSteps(request.controls(), first, table.steps());
        for (FeatureChange change : request.features()) {
            if (change.fromStep() > table.steps() || change.toStep() <= first) {
                throw new ArgumentException(
                        "--feature %s acts in none of %s"
                                .formatted(change, StepShare.words(first, table.steps())));
            }
        }
    }

    private void checkLayers(GenerationRequest request, MmditConfig config) {
        SkipLayerGuidance skip = request.skipLayer();
        if (skip != null) {
            checkLayers(skip.layers(), "skipped", config);
        }
        PerturbedAttention perturbed = request.sampling().guiding().perturbed();
        if (perturbed != null) {
            checkLayers(perturbed.layers(), "perturbed", config);
        }
    }

    private void checkLayers(List<Integer> layers, String what, MmditConfig config) {
        for (int layer : layers) {
            if (layer < 0 || layer >= config.numLayers()) {
                throw new ArgumentException(
                        "%s has blocks 0 … %d; block %d cannot be %s"
                                .formatted(model.name(), config.numLayers() - 1, layer, what));
            }
        }
    }
}
