package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.Preprocessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a control picture in the body of an order.
 *
 * @param network name of the network
 * @param picture id of a finished picture, or what storing one answered
 * @param mask what storing a mask answered; for networks for inpainting
 * @param preprocessor such as {@code canny(100,200)}; by default the picture as it is
 */
record ApiControl(
        @Nullable String network,
        @Nullable String picture,
        @Nullable String mask,
        @Nullable String preprocessor,
        @Nullable Double scale,
        @Nullable Double start,
        @Nullable Double end) {

    static List<ControlInput> read(@Nullable List<ApiControl> given, ControlInputs inputs) {
        List<ControlInput> controls = new ArrayList<>();
        if (given != null) {
            for (ApiControl one : given) {
                if (one == null) {
                    throw new ArgumentException("controls holds null; give objects");
                }
                controls.add(one.input(inputs));
            }
        }
        return controls;
    }

    private ControlInput input(ControlInputs inputs) {
        return inputs.input(
                        required("network", network),
                        required("picture", picture),
                        Objects.requireNonNullElse(mask, ""))
                .preparedBy(
                        preprocessor == null ? Preprocessor.NONE : Preprocessor.parse(preprocessor))
                .scaled(Objects.requireNonNullElse(scale, 1.0))
                .during(
                        Objects.requireNonNullElse(start, 0.0),
                        Objects.requireNonNullElse(end, 1.0));
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank() || value.indexOf('\0') >= 0) {
            throw new ArgumentException("each of controls needs a " + field);
        }
        return value;
    }
}
