package dev.stanstudio.web.matrix;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import org.jspecify.annotations.Nullable;

/**
 * Holds what makes pictures larger than they are drawn.
 *
 * @param hires a second pass at a larger size, or null
 * @param upscaler a network that enlarges the finished picture, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Enlargement(@Nullable HiresPass hires, @Nullable UpscalerInput upscaler) {
    /** Pictures of the size that they are drawn in. */
    public static final Enlargement NONE = new Enlargement(null, null);

    /** Returns the side of pictures after the second pass. */
    public int side(int drawn) {
        return hires == null ? drawn : hires.side(drawn);
    }
}
