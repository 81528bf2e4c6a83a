package dev.stanstudio.sd3.pipeline;

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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageInput(
        String path,
        @Nullable String sha256,
        @Nullable String mask,
        @Nullable String maskSha256,
        double strength) {
    /** Strength where none is given, as in diffusers. */
    public static final double DEFAULT_STRENGTH = 0.6;

    /** Refuses a strength outside 0 … 1. */
    public ImageInput {
        Missing.refuse(path, "path of the initial picture");
        PathText.check("the initial picture", path);
        PathText.check("the mask", mask);
        if (!(strength > 0 && strength <= 1)) {
            throw new ArgumentException("strength must be above 0 up to 1, not " + strength);
        }
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
