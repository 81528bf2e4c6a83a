package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.schedule.SigmaTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what axes change of a cell.
 *
 * @param sampling steps, sampler and sigmas
 * @param image a picture to start from, or null
 * @param controls control networks with their pictures
 * @param method adapters and changes of their features
 */
public record Variation(
        SamplingOptions sampling,
        @Nullable ImageInput image,
        List<ControlInput> controls,
        Method method) {
    /** Keeps a copy of the list. */
    public Variation {
        controls = List.copyOf(controls);
    }

    /** Returns the first of {@code steps} steps, counted from 0: later with an initial picture. */
    public int firstStep(int steps) {
        return image == null ? 0 : SigmaTable.startStep(steps, image.strength());
    }

    Variation with(SamplingOptions other) {
        return new Variation(other, image, controls, method);
    }

    Variation with(ImageInput other) {
        return new Variation(sampling, other, controls, method);
    }

    Variation with(List<ControlInput> others) {
        return new Variation(sampling, image, others, method);
    }

    Variation with(Method other) {
        return new Variation(sampling, image, controls, other);
    }
}
