package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the picture to start from, and what its mask does, of the page's form. */
record ImageFields(FormValues form, Sources sources) {
    /**
     * Returns the picture to start from, or null for noise; without a mask its fields do not count.
     *
     * @throws FieldException that names the field and what to change
     */
    @Nullable ImageInput read() {
        String source = form.text("image");
        if (source.isEmpty()) {
            return null;
        }
        String mask = form.text("mask");
        double strength =
                Objects.requireNonNullElse(form.number("strength"), ImageInput.DEFAULT_STRENGTH);
        ImageInput input = sources.input(source, mask);
        ImageInput strong = FieldException.at("strength", () -> input.withStrength(strength));
        return mask.isEmpty() ? strong : masked(strong);
    }

    private ImageInput masked(ImageInput input) {
        double feather = Objects.requireNonNullElse(form.number("feather"), 0.0);
        ImageInput soft =
                FieldException.at("feather", () -> input.withFeather(feather))
                        .softened(!form.text("soft").isEmpty());
        Integer crop = form.text("crop").isEmpty() ? null : form.integer("crop");
        return FieldException.at("crop", () -> soft.cropped(crop));
    }
}
