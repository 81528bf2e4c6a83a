package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.ImageInput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of image-to-image and inpainting. */
final class InitImageOptions {
    @Option(names = "--init-image", paramLabel = "FILE", description = "A picture to start from.")
    @Nullable String initImage;

    @Option(
            names = "--strength",
            paramLabel = "X",
            description = "How much of the initial picture changes, 0 … 1 (default: 0.6).")
    @Nullable Double strength;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "White where the initial picture is painted anew.")
    @Nullable String mask;

    /** Refuses options that change an initial picture where there is none. */
    void check(boolean hasBase) {
        if (mask != null && initImage == null && !hasBase) {
            throw new ArgumentException("--mask needs --init-image");
        }
        if (strength != null && initImage == null && !hasBase) {
            throw new ArgumentException("--strength needs --init-image");
        }
    }

    /** Returns the options over {@code base}; null where no picture is changed. */
    @Nullable ImageInput over(@Nullable ImageInput base) {
        if (initImage != null) {
            return ImageInput.of(
                    initImage,
                    mask,
                    Objects.requireNonNullElse(strength, ImageInput.DEFAULT_STRENGTH));
        }
        if (base == null) {
            return null;
        }
        double changed = Objects.requireNonNullElse(strength, base.strength());
        return mask == null
                ? base.withStrength(changed)
                : ImageInput.of(base.path(), mask, changed).withFeather(base.feather());
    }
}
