package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A picture to start from, and where it is to change.
 *
 * @param path the picture's file
 * @param sha256 hash of that file, or null when it is not known yet
 * @param mask file of a mask of the same size, white where the picture is painted anew, or null
 * @param maskSha256 hash of the mask's file, or null
 * @param strength how much of the schedule runs, above 0 up to 1
 * @param feather soft edge of the mask: standard deviation of the Gaussian that blurs it, in pixels
 *     of the finished picture, up to {@value #MOST_FEATHER}. With 0 the mask is cut at half, as in
 *     diffusers; else its grey values mix the finished picture with the initial one. May be left
 *     out in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageInput(
        String path,
        @Nullable String sha256,
        @Nullable String mask,
        @Nullable String maskSha256,
        double strength,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double feather) {
    /** Strength where none is given, as in diffusers. */
    public static final double DEFAULT_STRENGTH = 0.6;

    /** The widest soft edge. */
    public static final double MOST_FEATHER = 64;

    /** Refuses a strength outside 0 … 1, and soft edges beyond {@link #MOST_FEATHER}. */
    @JsonCreator
    public ImageInput {
        Missing.refuse(path, "path of the initial picture");
        PathText.check("the initial picture", path);
        PathText.check("the mask", mask);
        if (!(strength > 0 && strength <= 1)) {
            throw new ArgumentException("strength must be above 0 up to 1, not " + strength);
        }
        if (!(feather >= 0 && feather <= MOST_FEATHER)) {
            throw new ArgumentException(
                    "the soft edge of the mask must be 0 … %.0f pixels, not %s"
                            .formatted(MOST_FEATHER, feather));
        }
    }

    /** An input whose mask has hard edges. */
    public ImageInput(
            String path,
            @Nullable String sha256,
            @Nullable String mask,
            @Nullable String maskSha256,
            double strength) {
        this(path, sha256, mask, maskSha256, strength, 0);
    }

    /** Returns the same input with another strength. */
    public ImageInput withStrength(double other) {
        return new ImageInput(path, sha256, mask, maskSha256, other, feather);
    }

    /** Returns the same input with another soft edge of its mask. */
    public ImageInput withFeather(double other) {
        return new ImageInput(path, sha256, mask, maskSha256, strength, other);
    }

    /**
     * An input whose files are hashed now, so that a repeated request can tell whether they
     * changed.
     *
     * @throws dev.stanstudio.base.UserException if a file cannot be read
     */
    public static ImageInput of(String path, @Nullable String mask, double strength) {
        return new ImageInput(
                path,
                Sha256.ofFile(Path.of(path)),
                mask,
                mask == null ? null : Sha256.ofFile(Path.of(mask)),
                strength);
    }
}
