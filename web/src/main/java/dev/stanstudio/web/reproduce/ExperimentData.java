package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names a collection, or describes how it is made.
 *
 * @param path of an existing one
 * @param synth options of {@code studio dataset synth}, if it is drawn
 * @param imports sources that are imported into it, in order, if it is made of those
 * @param split options of {@code studio dataset split} for what was drawn or imported
 */
record ExperimentData(
        @Nullable String path,
        @Nullable Map<String, JsonNode> synth,
        @JsonProperty("import") @Nullable List<Source> imports,
        @Nullable Map<String, JsonNode> split) {
    ExperimentData {
        long given = Stream.of(path, synth, imports).filter(Objects::nonNull).count();
        if (given != 1) {
            throw new ArgumentException("data needs either path or synth, or import");
        }
        if (imports != null) {
            requireSources(imports);
        }
        if (path != null && split != null) {
            throw new ArgumentException(
                    "data.split goes with data.synth and data.import; split "
                            + path
                            + " beforehand");
        }
    }

    private static void requireSources(List<Source> imports) {
        Set<String> names = new HashSet<>();
        for (Source source : imports) {
            if (source == null || !names.add(source.name())) {
                throw new ArgumentException(
                        source == null
                                ? "a source of data.import is empty; give each a name"
                                : "two sources of data.import are called " + source.name());
            }
        }
        if (names.isEmpty()) {
            throw new ArgumentException("data.import is empty; name a source");
        }
    }

    /** Returns the same with folders for sources by their names. */
    ExperimentData with(Map<String, Path> folders) {
        List<String> names =
                imports == null ? List.of() : imports.stream().map(Source::name).toList();
        for (String name : folders.keySet()) {
            if (!names.contains(name)) {
                throw new ArgumentException(
                        "--source names %s; data.import of the experiment names %s"
                                .formatted(name, names));
            }
        }
        return imports == null
                ? this
                : new ExperimentData(
                        path,
                        synth,
                        imports.stream()
                                .map(
                                        source ->
                                                folders.containsKey(source.name())
                                                        ? new Source(
                                                                source.name(),
                                                                folders.get(source.name())
                                                                        .toString(),
                                                                source.options())
                                                        : source)
                                .toList(),
                        split);
    }

    /**
     * Describes a source of pictures.
     *
     * @param name for {@code --source} and its step
     * @param path of its folder or file; its name unless given
     * @param options of {@code studio dataset import}; null for none
     */
    record Source(String name, @Nullable String path, @Nullable Map<String, JsonNode> options) {
        Source {
            if (name == null || !name.matches(Experiment.NAME)) {
                throw new ArgumentException(
                        "a source of data.import needs a name of letters, digits, dots and dashes,"
                                + " not "
                                + name);
            }
            path = path == null ? name : path;
        }
    }
}
