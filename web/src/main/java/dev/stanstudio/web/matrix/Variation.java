package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Holds what axes change of a cell.
 *
 * @param sampling steps, sampler and sigmas
 * @param image a picture to start from, or null
 * @param method adapters and changes of their features
 */
public record Variation(SamplingOptions sampling, @Nullable ImageInput image, Method method) {
    Variation with(SamplingOptions other) {
        return new Variation(other, image, method);
    }

    Variation with(ImageInput other) {
        return new Variation(sampling, other, method);
    }

    Variation with(Method other) {
        return new Variation(sampling, image, other);
    }
}
