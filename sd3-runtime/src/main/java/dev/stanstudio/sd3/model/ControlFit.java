package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.nio.file.Path;

/** Compares a control network with the transformer that it is to control. */
record ControlFit(ControlSource control, String model) {
    /**
     * Refuses a network that reads or writes other widths.
     *
     * @throws UserException that names both widths
     */
    static void check(
            ControlSource control, ControlNetConfig config, String model, MmditConfig transformer) {
        ControlFit fit = new ControlFit(control, model);
        fit.same("is %d wide", config.width(), transformer.width());
        fit.same("reads latents of %d channels", config.inChannels(), transformer.inChannels());
        fit.same("has patches of %d pixels", config.patchSize(), transformer.patchSize());
        int pooled = transformer.pooledProjectionDim();
        fit.same("reads pooled text of width %d", config.pooledProjectionDim(), pooled);
        if (config.readsText()) {
            int joint = transformer.jointAttentionDim();
            fit.same("reads text tokens of width %d", config.jointAttentionDim(), joint);
        }
    }

    /**
     * Refuses pictures that are larger than the network's table of positions.
     *
     * @param factor pixels of a latent's side
     * @throws UserException that names both sizes
     */
    static void checkSize(Path path, ControlNetConfig config, int factor, int width, int height) {
        int most = config.posEmbedMaxSize() * factor * config.patchSize();
        if (most > 0 && Math.max(width, height) > most) {
            throw new UserException(
                    "the ControlNet %s knows pictures of at most %d pixels a side, not %d×%d"
                            .formatted(path, most, width, height));
        }
    }

    private void same(String words, int ours, int theirs) {
        if (ours != theirs) {
            throw new UserException(
                    "the ControlNet %s %s, %s needs %d; take one that was made for this model"
                            .formatted(control.path(), words.formatted(ours), model, theirs));
        }
    }
}
