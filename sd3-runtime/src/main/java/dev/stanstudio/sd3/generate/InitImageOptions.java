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

    @Option(
            names = "--feather",
            paramLabel = "PX",
            description = "Soft edge of the mask: so many pixels of blur, 0 … 64 (default: 0).")
    @Nullable Double feather;

    /** Refuses options that change an initial picture where there is none. */
    void check(boolean hasBase) {
        if (mask != null && initImage == null && !hasBase) {
            throw new ArgumentException("--mask needs --init-image");
        }
        if (strength != null && initImage == null && !hasBase) {
            throw new ArgumentException("--strength needs --init-image");
        }
        if (feather != null && mask == null && !hasBase) {
            throw new ArgumentException("--feather needs --mask");
        }
    }

    /**
     * Returns the options over {@code base}; null where no picture is changed.
     *
     * @throws ArgumentException if a mask that is not there is to have a soft edge
     */
    @Nullable ImageInput over(@Nullable ImageInput base) {
        ImageInput input = initImage == null ? changed(base) : given(initImage);
        if (feather == null) {
            return input;
        }
        if (input == null || input.mask() == null) {
            throw new ArgumentException("--feather needs --mask");
        }
        return input.withFeather(feather);
    }

    private ImageInput given(String path) {
        return ImageInput.of(
                path, mask, Objects.requireNonNullElse(strength, ImageInput.DEFAULT_STRENGTH));
    }

    private @Nullable ImageInput changed(@Nullable ImageInput base) {
        if (base == null) {
            return null;
        }
        ImageInput changed =
                base.withStrength(Objects.requireNonNullElse(strength, base.strength()));
        return mask == null ? changed : changed.withMask(mask);
    }
}
