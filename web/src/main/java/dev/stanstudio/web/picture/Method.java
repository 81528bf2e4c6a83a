package dev.stanstudio.web.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

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

    /** What people call a method with {@code changes} of features. */
    public static String changed(String name, List<FeatureChange> changes) {
        return changes.stream()
                .map(change -> change.toString().replace("transformer_blocks.", ""))
                .collect(Collectors.joining(", ", name + " ", ""));
    }

    /** Adapters as they are. */
    public Method(String name, List<AdapterUse> adapters) {
        this(name, adapters, List.of());
    }
}
