package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stanstudio.base.ArgumentException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A control network of a request with its picture (diffusers
 * pipeline_stable_diffusion_3_controlnet.py).
 *
 * @param path folder or file of the network
 * @param fingerprint identity of its weights, or null before they are read
 * @param picture file of the control picture
 * @param pictureSha256 hash of that file, or null before it is read
 * @param mask file of a mask of the picture's size, white where a network for inpainting paints
 *     anew, or null
 * @param maskSha256 hash of the mask's file, or null
 * @param preprocessor makes the control picture from the one given
 * @param scale factor of what the network adds, finite; 1 as trained
 * @param start share of the steps before it acts, 0 … 1
 * @param end share of the steps after which it does not act, above {@code start} up to 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ControlInput(
        String path,
        @Nullable String fingerprint,
        String picture,
        @Nullable String pictureSha256,
        @Nullable String mask,
        @Nullable String maskSha256,
        Preprocessor preprocessor,
        double scale,
        double start,
        double end) {
    /** Refuses what cannot work; {@code preprocessor} and the range may be left out in JSON. */
    public ControlInput {
        Missing.refuse(path, "path of a ControlNet");
        Missing.refuse(picture, "control picture");
        PathText.check("a ControlNet", path);
        PathText.check("the control picture", picture);
        PathText.check("the mask of the control picture", mask);
        Missing.refuse(preprocessor, "preprocessor of the control picture");
        if (!Double.isFinite(scale)) {
            throw new ArgumentException("the scale of " + path + " must be a number, not " + scale);
        }
        if (!(start >= 0 && start < end && end <= 1)) {
            throw new ArgumentException(
                    "%s acts from a start to a later end within 0 … 1, not %s … %s"
                            .formatted(path, start, end));
        }
    }

    /** Reads JSON; what is left out has its usual value. */
    @JsonCreator
    static ControlInput read(
            @JsonProperty("path") String path,
            @JsonProperty("fingerprint") @Nullable String fingerprint,
            @JsonProperty("picture") String picture,
            @JsonProperty("pictureSha256") @Nullable String pictureSha256,
            @JsonProperty("mask") @Nullable String mask,
            @JsonProperty("maskSha256") @Nullable String maskSha256,
            @JsonProperty("preprocessor") @Nullable Preprocessor preprocessor,
            @JsonProperty("scale") @Nullable Double scale,
            @JsonProperty("start") @Nullable Double start,
            @JsonProperty("end") @Nullable Double end) {
        return new ControlInput(
                path,
                fingerprint,
                picture,
                pictureSha256,
                mask,
                maskSha256,
                Objects.requireNonNullElse(preprocessor, Preprocessor.NONE),
                Objects.requireNonNullElse(scale, 1.0),
                Objects.requireNonNullElse(start, 0.0),
                Objects.requireNonNullElse(end, 1.0));
    }

    /** A picture as it is, at scale 1 in all steps. */
    public static ControlInput of(String path, String picture) {
        return new ControlInput(path, null, picture, null, null, null, Preprocessor.NONE, 1, 0, 1);
    }

    /** Returns the same input with another scale. */
    public ControlInput scaled(double other) {
        return acting(preprocessor, other, start, end);
    }

    /** Returns the same input in other steps. */
    public ControlInput during(double otherStart, double otherEnd) {
        return acting(preprocessor, scale, otherStart, otherEnd);
    }

    /** Returns the same input with another preprocessor. */
    public ControlInput preparedBy(Preprocessor other) {
        return acting(other, scale, start, end);
    }

    /** Returns the same input with a mask. */
    public ControlInput masked(String other) {
        return reading(path, fingerprint, picture, pictureSha256, other, null);
    }

    /** Returns the same input by another network, whose weights are not known yet. */
    public ControlInput by(String network) {
        return reading(network, null, picture, pictureSha256, mask, maskSha256);
    }

    /** Returns the same input with paths that begin at {@code folder}. */
    ControlInput in(Path folder) {
        return reading(
                folder.resolve(path).normalize().toString(),
                fingerprint,
                folder.resolve(picture).normalize().toString(),
                pictureSha256,
                mask == null ? null : folder.resolve(mask).normalize().toString(),
                maskSha256);
    }

    /** Returns the same input with the identities of what was read. */
    public ControlInput identified(String weights, String pictureHash, @Nullable String maskHash) {
        return reading(path, weights, picture, pictureHash, mask, maskHash);
    }

    /** Returns the same files, acting otherwise. */
    private ControlInput acting(Preprocessor by, double newScale, double newStart, double newEnd) {
        return new ControlInput(
                path,
                fingerprint,
                picture,
                pictureSha256,
                mask,
                maskSha256,
                by,
                newScale,
                newStart,
                newEnd);
    }

    /** Returns other files, acting the same. */
    private ControlInput reading(
            String newPath,
            @Nullable String newFingerprint,
            String newPicture,
            @Nullable String newPictureHash,
            @Nullable String newMask,
            @Nullable String newMaskHash) {
        return new ControlInput(
                newPath,
                newFingerprint,
                newPicture,
                newPictureHash,
                newMask,
                newMaskHash,
                preprocessor,
                scale,
                start,
                end);
    }

    /**
     * Returns true if it acts in step {@code index} of {@code steps}, counted from 0: a step counts
     * where all of it lies in the range, as in diffusers.
     */
    boolean actsAt(int index, int steps) {
        return scale != 0
                && !((double) index / steps < start || (double) (index + 1) / steps > end);
    }

    /**
     * Refuses a mask that is missing or not wanted.
     *
     * @param channels further channels that the network reads
     * @throws ArgumentException that says which
     */
    public void checkMask(int channels) {
        if (channels > 1) {
            throw new ArgumentException(
                    "the ControlNet %s reads %d further channels; only a mask is known"
                            .formatted(path, channels));
        }
        if (channels == 1 && mask == null) {
            throw new ArgumentException(
                    "the ControlNet %s is for inpainting and needs a mask; write PICTURE+MASK"
                            .formatted(path));
        }
        if (channels == 0 && mask != null) {
            throw new ArgumentException(
                    "the ControlNet %s reads no mask; leave out +%s"
                            .formatted(path, Path.of(mask).getFileName()));
        }
    }

    /**
     * Refuses ranges that hold none of {@code steps} steps from step {@code first} on, where an
     * initial picture begins.
     *
     * @throws ArgumentException that names the range
     */
    public static void checkSteps(List<ControlInput> controls, int first, int steps) {
        for (ControlInput control : controls) {
            boolean acts = control.scale == 0;
            for (int i = first; i < steps && !acts; i++) {
                acts = control.actsAt(i, steps);
            }
            if (!acts) {
                throw new ArgumentException(
                        "the range %s … %s of %s holds none of %s; widen it"
                                .formatted(
                                        control.start,
                                        control.end,
                                        control.path,
                                        StepShare.words(first, steps)));
            }
        }
    }
}
