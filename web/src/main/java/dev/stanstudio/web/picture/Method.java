package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.pipeline.AdapterUse;
import java.util.List;

/**
 * A column of a matrix: what is added to the model.
 *
 * @param name what people call it
 * @param adapters none for the model alone
 */
public record Method(String name, List<AdapterUse> adapters) {
    /** The model alone. */
    public static final Method NONE = new Method("None", List.of());

    /** Keeps a copy of the list. */
    public Method {
        adapters = List.copyOf(adapters);
    }
}
