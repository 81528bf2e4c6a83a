package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.ImageInput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a picture to start from in the body of an order.
 *
 * @param picture id of a finished picture, or what storing one answered
 * @param mask what storing a mask of its size answered, white where it is painted anew
 * @param strength above 0 up to 1; by default 0.6, with a soft mask 1
 * @param feather soft edge of the mask in pixels
 * @param soft whether the mask's grey values are strengths
 * @param crop pixels around the mask that are drawn with it, that region alone
 */
record ApiImage(
        @Nullable String picture,
        @Nullable String mask,
        @Nullable Double strength,
        @Nullable Double feather,
        @Nullable Boolean soft,
        @Nullable Integer crop) {
    static @Nullable ImageInput read(@Nullable ApiImage given, Sources sources) {
        return given == null ? null : given.input(sources);
    }

    private ImageInput input(Sources sources) {
        if (picture == null || picture.isBlank()) {
            throw new ArgumentException("image needs a picture");
        }
        boolean softened = Boolean.TRUE.equals(soft);
        double usual = softened ? ImageInput.SOFT_STRENGTH : ImageInput.DEFAULT_STRENGTH;
        return sources.input(picture, Objects.requireNonNullElse(mask, ""))
                .withStrength(Objects.requireNonNullElse(strength, usual))
                .withFeather(Objects.requireNonNullElse(feather, 0.0))
                .softened(softened)
                .cropped(crop);
    }
}
