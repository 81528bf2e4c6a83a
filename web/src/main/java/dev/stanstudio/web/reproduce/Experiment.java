package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes an experiment as its YAML file does. Options of commands are keys without dashes:
 * {@code {lr: 1e-3, targets: [attn.to_q, attn.to_k], tied: true}}.
 *
 * @param name of the experiment
 * @param model to train on and draw with; null takes the built-in one
 * @param data the collection: a path, or what is drawn
 * @param train options of {@code studio train} that all methods share
 * @param methods what is compared, in the order of the tables
 * @param seeds of the trainings; every method is trained once with each
 * @param grid {@code studio grid}'s file without model, adapters and seeds, and {@code pictures}:
 *     how many of each pair and method for each training seed; null draws nothing
 * @param score options of {@code studio score}; null scores nothing
 * @param analyze the {@code "method"} whose features are read for Figure 3, and options of {@code
 *     studio adapter analyze}; null draws no figure
 * @param study the {@code "methods"} that people compare (all unless named), {@code "questions"},
 *     and options of {@code studio study create}; null makes no study
 * @param present further tables and figures; null for none
 */
record Experiment(
        String name,
        @Nullable String model,
        ExperimentData data,
        Map<String, JsonNode> train,
        List<Method> methods,
        List<Long> seeds,
        @Nullable ObjectNode grid,
        @Nullable Map<String, JsonNode> score,
        @Nullable ObjectNode analyze,
        @Nullable ObjectNode study,
        @Nullable Presentation present) {
    /** Letters, digits, dots and dashes: a file name. */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /**
     * Describes one of the methods that are compared.
     *
     * @param name in tables, a file name
     * @param train its own options of {@code studio train}; null trains nothing
     * @param after a method whose adapter this training begins with
     * @param merge adapters of other methods that it joins; null joins none
     * @param learn votes of a model on pictures of {@code after}, which it trains on; null for none
     * @param draw whether the grid has a column of it; null is yes
     */
    record Method(
            String name,
            @Nullable Map<String, JsonNode> train,
            @Nullable String after,
            @Nullable Merging merge,
            @Nullable Learning learn,
            @Nullable Boolean draw) {
        Method {
            if (name == null) {
                throw new ArgumentException("a method has no name");
            }
            if (!name.matches(NAME)) {
                throw new ArgumentException(
                        "method '" + name + "' must be letters, digits, dots and dashes");
            }
            if (learn != null && (train == null || after == null)) {
                throw new ArgumentException(
                        "method %s has learn, so it needs train and after: whose pictures are voted on"
                                .formatted(name));
            }
            if (merge != null && (train != null || after != null)) {
                throw new ArgumentException(
                        "method %s has merge, so it trains nothing: leave out train and after"
                                .formatted(name));
            }
        }

        /** Returns whether the other method leaves the adapter that this one needs. */
        boolean goesOnAfter(Method other) {
            boolean merged = other.merge() != null && !other.merge().together();
            return other.isTrained() || (merge != null && merged);
        }

        /** Returns whether there is an adapter to train. */
        boolean isTrained() {
            return train != null;
        }

        /** Returns whether pictures are drawn with an adapter. */
        boolean isAdapted() {
            return isTrained() || merge != null;
        }

        /** Returns whether the grid has a column of it. */
        boolean isDrawn() {
            return !Boolean.FALSE.equals(draw);
        }

        /** Returns the methods that must stand before it. */
        List<String> needed() {
            return merge != null ? merge.of() : after == null ? List.of() : List.of(after);
        }
    }

    /** Checks names and references. */
    Experiment {
        train = train == null ? Map.of() : train;
        requireParts(name, data, methods);
        if (seeds != null && seeds.stream().anyMatch(Objects::isNull)) {
            throw new ArgumentException("seeds must be whole numbers, not " + seeds);
        }
        seeds = seeds == null || seeds.isEmpty() ? List.of(0L) : List.copyOf(seeds);
        Map<String, Method> seen = new LinkedHashMap<>();
        for (Method method : methods) {
            for (String needed : method.needed()) {
                Method other = seen.get(needed);
                if (other == null) {
                    throw new ArgumentException(
                            "method %s goes on after %s, which does not stand before it"
                                    .formatted(method.name(), needed));
                }
                if (!method.goesOnAfter(other)) {
                    throw new ArgumentException(
                            "method %s goes on after %s, which leaves no adapter of its own"
                                    .formatted(method.name(), needed));
                }
            }
            if (method.after() != null && !method.isTrained()) {
                throw new ArgumentException(
                        "method %s has after but no train: it would be the model alone"
                                .formatted(method.name()));
            }
            if (seen.put(method.name(), method) != null) {
                throw new ArgumentException("two methods are called " + method.name());
            }
        }
        if (Set.copyOf(seeds).size() != seeds.size()) {
            throw new ArgumentException("seeds are given twice: " + seeds);
        }
        if (present != null) {
            present.check(methods, train);
        }
        if (grid == null && (score != null || study != null)) {
            throw new ArgumentException(
                    (score != null ? "score" : "study")
                            + " needs grid: there are no pictures otherwise");
        }
    }

    /** Refuses missing keys, for which Jackson calls no constructor of a part. */
    private static void requireParts(
            @Nullable String name, @Nullable ExperimentData data, @Nullable List<Method> methods) {
        if (name == null || name.isBlank()) {
            throw new ArgumentException("name is missing: it is the report's title");
        }
        if (data == null) {
            throw new ArgumentException(
                    "data is missing: it needs either path or synth, or import");
        }
        if (methods == null || methods.isEmpty()) {
            throw new ArgumentException("methods are missing: name what is compared");
        }
        if (methods.stream().anyMatch(Objects::isNull)) {
            throw new ArgumentException("a method of methods is empty; give each a name");
        }
    }

    /** Returns the same experiment on another model and with folders for its sources. */
    Experiment with(@Nullable String otherModel, Map<String, Path> sources) {
        return new Experiment(
                name,
                otherModel == null ? model : otherModel,
                data.with(sources),
                train,
                methods,
                seeds,
                grid,
                score,
                analyze,
                study,
                present);
    }

    /**
     * Returns the method that {@code where} names.
     *
     * @throws ArgumentException when there is none
     */
    Method method(String where, String wanted) {
        return methods.stream()
                .filter(method -> method.name().equals(wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "%s names the method '%s'; there are %s"
                                                .formatted(
                                                        where,
                                                        wanted,
                                                        methods.stream()
                                                                .map(Method::name)
                                                                .toList())));
    }
}
