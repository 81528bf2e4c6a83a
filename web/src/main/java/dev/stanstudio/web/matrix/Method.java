package dev.stanstudio.web.matrix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Names a column of a matrix and what it adds to the model.
 *
 * @param name shown to people
 * @param adapters none for the model alone
 * @param features changes of features of STANs among the adapters; may be left out in JSON
 */
public record Method(
        String name,
        List<WeightedAdapter> adapters,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FeatureChange> features) {
    /** The model alone. */
    public static final Method NONE = new Method("None", List.of());

    /** Keeps copies of the lists. */
    @JsonCreator
    public Method {
        adapters = List.copyOf(adapters);
        features = List.copyOf(Objects.requireNonNullElse(features, List.of()));
    }

    /** Returns the name of a method with {@code changes} of features. */
    public static String changed(String name, List<FeatureChange> changes) {
        return changes.stream()
                .map(change -> change.toString().replace("transformer_blocks.", ""))
                .collect(Collectors.joining(", ", name + " ", ""));
    }

    /** Adds adapters as they are. */
    public Method(String name, List<WeightedAdapter> adapters) {
        this(name, adapters, List.of());
    }
}
