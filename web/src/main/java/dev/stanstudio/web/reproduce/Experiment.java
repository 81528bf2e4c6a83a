package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.stanstudio.base.ArgumentException;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Data data,
        Map<String, JsonNode> train,
        List<Method> methods,
        List<Long> seeds,
        @Nullable ObjectNode grid,
        @Nullable Map<String, JsonNode> score,
        @Nullable ObjectNode analyze,
        @Nullable ObjectNode study,
        @Nullable Presentation present) {

    /**
     * Names a collection, or describes how it is drawn.
     *
     * @param path of an existing one
     * @param synth options of {@code studio dataset synth}, if there is no path
     * @param split options of {@code studio dataset split} for what was drawn
     */
    record Data(
            @Nullable String path,
            @Nullable Map<String, JsonNode> synth,
            @Nullable Map<String, JsonNode> split) {
        Data {
            if ((path == null) == (synth == null)) {
                throw new ArgumentException("data needs either path or synth");
            }
            if (path != null && split != null) {
                throw new ArgumentException(
                        "data.split goes with data.synth; split " + path + " beforehand");
            }
        }
    }

    /**
     * Describes one of the methods that are compared.
     *
     * @param name in tables, a file name
     * @param train its own options of {@code studio train}; null is the model without adapter
     * @param after a method whose adapter this training begins with
     */
    record Method(String name, @Nullable Map<String, JsonNode> train, @Nullable String after) {
        Method {
            if (name == null) {
                throw new ArgumentException("a method has no name");
            }
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new ArgumentException(
                        "method '" + name + "' must be letters, digits, dots and dashes");
            }
        }

        /** Returns whether there is an adapter to train. */
        boolean isTrained() {
            return train != null;
        }
    }

    /** Checks names and references. */
    Experiment {
        train = train == null ? Map.of() : train;
        requireParts(name, data, methods);
        if (seeds != null && seeds.contains(null)) {
            throw new ArgumentException("seeds must be whole numbers, not " + seeds);
        }
        seeds = seeds == null || seeds.isEmpty() ? List.of(0L) : List.copyOf(seeds);
        Set<String> seen = new LinkedHashSet<>();
        for (Method method : methods) {
            String after = method.after();
            if (after != null && !seen.contains(after)) {
                throw new ArgumentException(
                        "method %s goes on after %s, which does not stand before it"
                                .formatted(method.name(), after));
            }
            if (!seen.add(method.name())) {
                throw new ArgumentException("two methods are called " + method.name());
            }
        }
        if (Set.copyOf(seeds).size() != seeds.size()) {
            throw new ArgumentException("seeds are given twice: " + seeds);
        }
        if (present != null) {
            present.check(methods);
        }
        if (grid == null && (score != null || study != null)) {
            throw new ArgumentException(
                    (score != null ? "score" : "study")
                            + " needs grid: there are no pictures otherwise");
        }
    }

    /** Refuses missing keys, for which Jackson calls no constructor of a part. */
    private static void requireParts(
            @Nullable String name, @Nullable Data data, @Nullable List<Method> methods) {
        if (name == null || name.isBlank()) {
            throw new ArgumentException("name is missing: it is the report's title");
        }
        if (data == null) {
            throw new ArgumentException("data is missing: it needs either path or synth");
        }
        if (methods == null || methods.isEmpty()) {
            throw new ArgumentException("methods are missing: name what is compared");
        }
        if (methods.contains(null)) {
            throw new ArgumentException("a method of methods is empty; give each a name");
        }
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
