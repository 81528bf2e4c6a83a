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

    @Option(
            names = "--soft-mask",
            negatable = true,
            description =
                    "The mask's grey values are the strength of each place: black stays, grey"
                            + " changes as image-to-image of that strength, white as --strength"
                            + " says (then 1 by default).")
    @Nullable Boolean soft;

    @Option(
            names = "--mask-crop",
            paramLabel = "PX",
            description =
                    "Draw only the mask and so many pixels around it, at the size of --width and"
                            + " --height, and put it back into the picture as it is.")
    @Nullable Integer crop;

    /** Refuses options that change an initial picture where there is none. */
    void check(boolean hasBase) {
        if (hasBase) {
            return;
        }
        if (initImage == null) {
            refuse("--mask", mask, "--init-image");
            refuse("--strength", strength, "--init-image");
        }
        if (mask == null) {
            refuse("--feather", feather, "--mask");
            refuse("--soft-mask", soft, "--mask");
            refuse("--mask-crop", crop, "--mask");
        }
    }

    private static void refuse(String option, @Nullable Object given, String missing) {
        if (given != null) {
            throw new ArgumentException(option + " needs " + missing);
        }
    }

    /**
     * Returns the options over {@code base}; null where no picture is changed.
     *
     * @throws ArgumentException if something is asked of a mask that is not there
     */
    @Nullable ImageInput over(@Nullable ImageInput base) {
        ImageInput input = initImage == null ? changed(base) : given(initImage);
        if (input == null || input.mask() == null) {
            refuse("--feather", feather, "--mask");
            refuse("--soft-mask", soft, "--mask");
            refuse("--mask-crop", crop, "--mask");
            return input;
        }
        return input.withFeather(Objects.requireNonNullElse(feather, input.feather()))
                .softened(Objects.requireNonNullElse(soft, input.soft()))
                .cropped(crop == null ? input.crop() : crop);
    }

    private ImageInput given(String path) {
        double usual =
                Boolean.TRUE.equals(soft) ? ImageInput.SOFT_STRENGTH : ImageInput.DEFAULT_STRENGTH;
        return ImageInput.of(path, mask, Objects.requireNonNullElse(strength, usual));
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
