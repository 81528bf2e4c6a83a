package dev.stanstudio.web.matrix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names a column of a matrix and what it adds to the model.
 *
 * @param name shown to people
 * @param adapters none for the model alone
 * @param features changes of features of STANs among the adapters; may be left out in JSON
 * @param checkpoints saved states that can take an adapter's place; may be left out in JSON
 */
public record Method(
        String name,
        List<WeightedAdapter> adapters,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FeatureChange> features,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Checkpoint> checkpoints) {
    /** The model alone. */
    public static final Method NONE = new Method("None", List.of());

    /** Keeps copies of the lists. */
    @JsonCreator
    public Method {
        adapters = List.copyOf(adapters);
        features = List.copyOf(Objects.requireNonNullElse(features, List.of()));
        checkpoints = List.copyOf(Objects.requireNonNullElse(checkpoints, List.of()));
    }

    /** Adds adapters with changes of their features. */
    public Method(String name, List<WeightedAdapter> adapters, List<FeatureChange> features) {
        this(name, adapters, features, List.of());
    }

    /** Adds adapters as they are. */
    public Method(String name, List<WeightedAdapter> adapters) {
        this(name, adapters, List.of());
    }

    /** Returns the name of a method with {@code changes} of features. */
    public static String changed(String name, List<FeatureChange> changes) {
        return changes.stream()
                .map(change -> change.toString().replace("transformer_blocks.", ""))
                .collect(Collectors.joining(", ", name + " ", ""));
    }

    /** Returns the same method with each adapter changed. */
    Method each(UnaryOperator<WeightedAdapter> change) {
        return new Method(name, adapters.stream().map(change).toList(), features, checkpoints);
    }

    /** Returns the same method with a further change of features. */
    Method with(FeatureChange change) {
        List<FeatureChange> more = new ArrayList<>(features);
        more.add(change);
        return new Method(name, adapters, more, checkpoints);
    }

    /**
     * Returns the same method with the saved states of its trained adapter.
     *
     * @param axis that runs over them
     * @param hash returns the hash of the adapter at a path, or null to leave that open
     * @throws ArgumentException if several of its adapters have states
     */
    public Method over(Axis axis, Function<Path, @Nullable String> hash) {
        List<Checkpoint> all = new ArrayList<>();
        for (WeightedAdapter use : adapters) {
            for (SavedState state : SavedState.beside(use.toPath())) {
                boolean wanted = axis.values().contains(String.valueOf(state.step()));
                all.add(
                        new Checkpoint(
                                use.path(),
                                state.step(),
                                state.path().toString(),
                                wanted ? hash.apply(state.path()) : null));
            }
        }
        if (all.stream().map(Checkpoint::adapter).distinct().count() > 1) {
            throw new ArgumentException(
                    "the axis %s runs over one adapter, and %s has several with saved states; take one alone"
                            .formatted(axis.kind().label(), name));
        }
        return new Method(name, adapters, features, all);
    }

    /**
     * Returns the method with a saved state in its adapter's place.
     *
     * @param step in digits, or {@link Checkpoint#FINAL}
     * @throws ArgumentException that names the steps that there are
     */
    public Method at(String step) {
        if (step.equals(Checkpoint.FINAL)) {
            return this;
        }
        Checkpoint found =
                checkpoints.stream()
                        .filter(one -> String.valueOf(one.step()).equals(step))
                        .findFirst()
                        .orElseThrow(() -> unknown(step));
        return each(
                use ->
                        use.path().equals(found.adapter())
                                ? new WeightedAdapter(found.path(), found.sha256(), use.weight())
                                        .within(use.blocks())
                                : use);
    }

    private ArgumentException unknown(String step) {
        String adapter = checkpoints.isEmpty() ? name : checkpoints.get(0).adapter();
        String known =
                Stream.concat(
                                checkpoints.stream().map(one -> String.valueOf(one.step())),
                                Stream.of(Checkpoint.FINAL))
                        .collect(Collectors.joining(", "));
        return new ArgumentException(
                "%s has no saved state of step %s; there are %s"
                        .formatted(AdapterPlace.of(Path.of(adapter)).name(), step, known));
    }
}
