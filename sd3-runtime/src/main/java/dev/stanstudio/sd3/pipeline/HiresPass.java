package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * A second pass of sampling at a larger size: what the first pass has drawn is enlarged, put under
 * noise and denoised again, as diffusers' image-to-image pipeline does with the first one's result.
 * Each pass has the schedule of its own size, and shares and numbers of steps count within it.
 *
 * @param scale factor of both sides, above 1 up to {@value #MOST_SCALE}; sides are rounded to
 *     multiples of 16
 * @param strength how much of the second pass's schedule runs, above 0 up to 1
 * @param steps steps of the second pass's whole schedule, or null for those of the first pass
 * @param by how pictures are enlarged
 * @param upscaler the network of {@link Enlarging#UPSCALER}, else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HiresPass(
        double scale,
        double strength,
        @Nullable Integer steps,
        Enlarging by,
        @Nullable UpscalerInput upscaler) {
    /** The greatest factor. */
    public static final int MOST_SCALE = 4;

    /** Longer sides are encoded and decoded in overlapping tiles. */
    static final int LARGEST_WHOLE = 1024;

    private static final int MULTIPLE = 16;

    /** Refuses numbers that cannot work, and an upscaler without need or need without one. */
    public HiresPass {
        if (!(scale > 1 && scale <= MOST_SCALE)) {
            throw new ArgumentException(
                    "the scale of a hires pass must be above 1 up to %d, not %s"
                            .formatted(MOST_SCALE, scale));
        }
        if (!(strength > 0 && strength <= 1)) {
            throw new ArgumentException(
                    "the strength of a hires pass must be above 0 up to 1, not " + strength);
        }
        if (steps != null) {
            SamplingOptions.checkSteps(steps);
        }
        Missing.refuse(by, "way of enlarging for the hires pass");
        if ((by == Enlarging.UPSCALER) != (upscaler != null)) {
            throw new ArgumentException(
                    "a hires pass names an upscaler exactly where it enlarges by one");
        }
    }

    /**
     * Reads {@code SCALE[,strength=S][,steps=N][,by=WAY]}, where WAY is a name of {@link Enlarging}
     * or the file of an upscaler, and stands last.
     *
     * @throws ArgumentException if the text is not of that form or out of range
     */
    public static HiresPass parse(String text) {
        return HiresText.read(text);
    }

    /** Returns the same pass by another upscaler. */
    public HiresPass by(UpscalerInput other) {
        return new HiresPass(scale, strength, steps, Enlarging.UPSCALER, other);
    }

    /** Returns the side of the second pass for one of the first. */
    public int side(int side) {
        return (int) Math.round(side * scale / MULTIPLE) * MULTIPLE;
    }

    /**
     * Refuses a request that a second pass cannot follow.
     *
     * @throws ArgumentException that says what to change
     */
    public void check(int width, int height, @Nullable ImageInput image, SamplingOptions sampling) {
        if (side(width) <= width || side(height) <= height) {
            throw new ArgumentException(
                    "a hires pass by %s leaves %d×%d at %d×%d, in multiples of %d; use a larger scale"
                            .formatted(scale, width, height, side(width), side(height), MULTIPLE));
        }
        if (image != null && image.mask() != null) {
            throw new ArgumentException(
                    "a hires pass draws the whole picture again, so it has no mask; leave out one"
                            + " of the two");
        }
        if (steps != null && sampling.sigmas() != null) {
            throw new ArgumentException(
                    "a hires pass has the sigmas that are given; leave out its steps or the"
                            + " sigmas");
        }
    }

    /** Returns the request of the second pass: its size and steps, and no picture to start from. */
    GenerationRequest second(GenerationRequest request) {
        int width = side(request.width());
        int height = side(request.height());
        SamplingOptions sampling = request.sampling();
        return request.toBuilder()
                .size(width, height)
                .sampling(steps == null ? sampling : sampling.withSteps(steps))
                .image(null)
                .latentsFile(null)
                .vaeTiling(request.vaeTiling() || Math.max(width, height) > LARGEST_WHOLE)
                .hires(null)
                .upscaler(null)
                .build();
    }

    /** Returns the text with the upscaler's name in place of its file. */
    public String shown() {
        return upscaler == null
                ? toString()
                : HiresText.write(scale, strength, steps, upscaler.shown());
    }

    /** Returns the text that {@link #parse(String)} reads. */
    @Override
    public String toString() {
        String way = upscaler == null ? by.label() : upscaler.path();
        return HiresText.write(scale, strength, steps, way);
    }
}
