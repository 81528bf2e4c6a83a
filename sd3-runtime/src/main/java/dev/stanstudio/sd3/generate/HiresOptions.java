package dev.stanstudio.sd3.generate;

import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of large pictures: a second pass, and a network that enlarges the result. */
final class HiresOptions {
    private static final String NONE = "none";

    @Option(
            names = "--hires",
            paramLabel = "SCALE[,strength=S][,steps=N][,by=WAY]",
            description =
                    "Draw again at a larger size, from the strength S on (0.6): 2,by=picture. WAY"
                            + " is latent (default), latent-nearest, latent-bicubic, picture, or"
                            + " the file of an upscaler; none takes away the pass of --from.")
    @Nullable String hires;

    @Option(
            names = "--upscale",
            paramLabel = "MODEL",
            description =
                    "Enlarge the finished picture by an ESRGAN network (safetensors); none takes"
                            + " away that of --from.")
    @Nullable String upscale;

    /** The second pass: options over {@code base}. */
    @Nullable HiresPass over(@Nullable HiresPass base) {
        if (hires == null) {
            return base;
        }
        if (hires.strip().equals(NONE)) {
            return null;
        }
        HiresPass pass = HiresPass.parse(hires);
        UpscalerInput upscaler = pass.upscaler();
        return upscaler == null ? pass : pass.by(found(upscaler.path()));
    }

    /** The upscaler of the finished picture: options over {@code base}. */
    @Nullable UpscalerInput over(@Nullable UpscalerInput base) {
        if (upscale == null) {
            return base;
        }
        return upscale.strip().equals(NONE) ? null : found(upscale);
    }

    private static UpscalerInput found(String name) {
        UpscalerInput named = UpscalerInput.of(name);
        return named.by(UpscalerFinder.ofUser().find(name).toString());
    }

    /** Checks what can be checked before a model is loaded. */
    void check() {
        HiresPass unusedPass = over((HiresPass) null);
        UpscalerInput unusedUpscaler = over((UpscalerInput) null);
    }
}
