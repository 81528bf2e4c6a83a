package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import java.nio.file.Path;
import java.util.Objects;
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
 * @param soft true if the grey values of the mask are the strength of each place, up to {@code
 *     strength} (differential diffusion); may be left out in JSON
 * @param crop pixels around the mask that are drawn with it, that region alone at the whole size
 *     and put back into the picture, up to {@value #MOST_CROP}; null draws the whole picture
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageInput(
        String path,
        @Nullable String sha256,
        @Nullable String mask,
        @Nullable String maskSha256,
        double strength,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double feather,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean soft,
        @Nullable Integer crop) {
    /** Strength where none is given, as in diffusers. */
    public static final double DEFAULT_STRENGTH = 0.6;

    /** The widest soft edge. */
    public static final double MOST_FEATHER = 64;

    /** Strength where none is given and the mask is soft: its grey values are the strengths. */
    public static final double SOFT_STRENGTH = 1;

    /** The widest padding of a crop around a mask. */
    public static final int MOST_CROP = 4096;

    /** Refuses a strength outside 0 … 1, and soft edges beyond {@link #MOST_FEATHER}. */
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
        if (crop != null && !(crop >= 0 && crop <= MOST_CROP)) {
            throw new ArgumentException(
                    "the padding of a crop around the mask must be 0 … %d pixels, not %d"
                            .formatted(MOST_CROP, crop));
        }
        if (mask == null && (soft || crop != null)) {
            throw new ArgumentException(
                    (soft ? "a soft mask" : "a crop around the mask") + " needs a mask; give one");
        }
    }

    /** Reads JSON; records of hard edges lack {@code feather}, where no other number may lack. */
    @JsonCreator
    static ImageInput read(
            @JsonProperty("path") String path,
            @JsonProperty("sha256") @Nullable String sha256,
            @JsonProperty("mask") @Nullable String mask,
            @JsonProperty("maskSha256") @Nullable String maskSha256,
            @JsonProperty("strength") double strength,
            @JsonProperty("feather") @Nullable Double feather,
            @JsonProperty("soft") @Nullable Boolean soft,
            @JsonProperty("crop") @Nullable Integer crop) {
        return new ImageInput(
                path,
                sha256,
                mask,
                maskSha256,
                strength,
                Objects.requireNonNullElse(feather, 0.0),
                Boolean.TRUE.equals(soft),
                crop);
    }

    /** An input whose mask has hard edges. */
    public ImageInput(
            String path,
            @Nullable String sha256,
            @Nullable String mask,
            @Nullable String maskSha256,
            double strength) {
        this(path, sha256, mask, maskSha256, strength, 0, false, null);
    }

    /** Returns the same input with another strength. */
    public ImageInput withStrength(double other) {
        return new ImageInput(path, sha256, mask, maskSha256, other, feather, soft, crop);
    }

    /**
     * Returns the same picture, which must still be what its hash says, with another mask, which is
     * hashed now.
     *
     * @throws dev.stanstudio.base.UserException if the mask cannot be read
     */
    public ImageInput withMask(String other) {
        return new ImageInput(
                path, sha256, other, Sha256.ofFile(Path.of(other)), strength, feather, soft, crop);
    }

    /** Returns the same input with another soft edge of its mask. */
    public ImageInput withFeather(double other) {
        return new ImageInput(path, sha256, mask, maskSha256, strength, other, soft, crop);
    }

    /** Returns the same input with a mask whose grey values are strengths, or not. */
    public ImageInput softened(boolean other) {
        return new ImageInput(path, sha256, mask, maskSha256, strength, feather, other, crop);
    }

    /** Returns the same input drawn with so many pixels around its mask alone; null is whole. */
    public ImageInput cropped(@Nullable Integer other) {
        return new ImageInput(path, sha256, mask, maskSha256, strength, feather, soft, other);
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
