package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.model.TinySource;
import dev.stanstudio.sd3.vae.TinyDecoder;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Path;

/** Previews by a tiny autoencoder, at most {@value #LONGEST_SIDE} pixels a side. */
record TinyPreview(TinySource source, TinyDecoder decoder) implements Preview {
    /** A page shows them no larger, and they travel with every step. */
    static final int LONGEST_SIDE = 256;

    /**
     * Opens a decoder for the latents of {@code model}.
     *
     * @throws UserException if it cannot be read or is for other latents
     */
    static TinyPreview open(Path path, Sd3Model model) {
        TinySource source = TinySource.open(path);
        try {
            TinyDecoder decoder = source.load(model.options().device());
            TinyPreview preview = new TinyPreview(source, decoder);
            preview.check(path, model);
            return preview;
        } catch (RuntimeException | Error e) {
            Closing.after(e, source);
            throw e;
        }
    }

    private void check(Path path, Sd3Model model) {
        VaeConfig vae = model.vae().config();
        boolean fits =
                decoder.latentChannels() == vae.latentChannels()
                        && decoder.factor() == vae.factor();
        if (!fits) {
            decoder.close();
            throw new UserException(
                    ("the preview decoder %s reads latents of %d channels, at 1/%d of the"
                                    + " size; those of %s have %d channels, at 1/%d: take taesd3")
                            .formatted(
                                    path,
                                    decoder.latentChannels(),
                                    decoder.factor(),
                                    model.name(),
                                    vae.latentChannels(),
                                    vae.factor()));
        }
    }

    @Override
    public Picture draw(Tensor latents) {
        try (Scope local = Scope.open("preview")) {
            Tensor bytes = TinyDecoder.toBytes(local, decoder.decode(local, latents));
            int height = Math.toIntExact(bytes.size(0));
            int width = Math.toIntExact(bytes.size(1));
            Picture whole = Picture.of(width, height, PixelMode.RGB, bytes.toBytes());
            double scale = LONGEST_SIDE / (double) Math.max(width, height);
            return scale >= 1
                    ? whole
                    : Resampler.of(ResampleFilter.BOX)
                            .resize(
                                    whole,
                                    Math.max(1, (int) Math.round(width * scale)),
                                    Math.max(1, (int) Math.round(height * scale)));
        }
    }

    @Override
    public void close() {
        Closing.all(decoder, source);
    }
}
