package dev.stanstudio.web.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.List;
import java.util.Objects;

/**
 * A column of a matrix: what is added to the model.
 *
 * @param name what people call it
 * @param adapters none for the model alone
 * @param features what is done to features of STANs among them; may be left out in JSON
 */
public record Method(
        String name,
        List<AdapterUse> adapters,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FeatureChange> features) {
    /** The model alone. */
    public static final Method NONE = new Method("None", List.of());

    /** Keeps copies of the lists. */
    @JsonCreator
    public Method {
        adapters = List.copyOf(adapters);
        features = List.copyOf(Objects.requireNonNullElse(features, List.of()));
    }

    /** Adapters as they are. */
    public Method(String name, List<AdapterUse> adapters) {
        this(name, adapters, List.of());
    }
}
