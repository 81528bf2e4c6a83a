package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IP-Adapter of the page's form.
 *
 * @param pictures the values of the field {@code ip-picture}
 */
record IpAdapterFields(FormValues form, List<String> pictures, IpAdapterInputs inputs) {
    private static final String SCALE = "ip-scale";

    /**
     * Returns the adapter, or null for none.
     *
     * @throws FieldException that names the field and what to change
     */
    @Nullable IpAdapterInput read() {
        String name = form.text(IpAdapterInputs.FIELD);
        if (name.isEmpty()) {
            if (!pictures.isEmpty()) {
                throw new FieldException(
                        IpAdapterInputs.FIELD,
                        "choose an IP-Adapter for the pictures, or remove them");
            }
            return null;
        }
        double scale = Objects.requireNonNullElse(form.number(SCALE), IpAdapterInput.DEFAULT_SCALE);
        IpAdapterInput input =
                FieldException.at(
                        IpAdapterInputs.FIELD,
                        () -> inputs.input(name, pictures, IpAdapterInput.DEFAULT_SCALE));
        return FieldException.at(SCALE, () -> input.scaled(scale));
    }
}
