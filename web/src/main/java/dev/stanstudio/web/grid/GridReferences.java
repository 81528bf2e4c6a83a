package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput.StylePicture;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a grid that show the model pictures by an IP-Adapter: style by reference, without
 * training.
 *
 * @param byMethod the adapter of each method, by style; under {@link #ALL} for every style
 */
record GridReferences(Map<String, Map<String, IpAdapterInput>> byMethod) {
    /** Stands for every style; no style is named so. */
    private static final String ALL = "";

    GridReferences {
        byMethod = Collections.unmodifiableMap(new LinkedHashMap<>(byMethod));
    }

    /** Returns the columns of {@code methods} and those that have references alone. */
    List<Method> withColumns(List<Method> methods) {
        List<Method> all = new ArrayList<>(methods);
        for (String name : byMethod.keySet()) {
            if (methods.stream().noneMatch(method -> method.name().equals(name))) {
                all.add(new Method(name, List.of()));
            }
        }
        return List.copyOf(all);
    }

    /** Returns what a cell's method shows the model, or null for nothing. */
    @Nullable IpAdapterInput of(MatrixCell cell) {
        String method = cell.by().name();
        return byMethod.containsKey(method) ? shown(method, cell.pair().style()) : null;
    }

    /**
     * Checks that every method has pictures for the styles of {@code rows}.
     *
     * @throws UserException that names the method and the style without pictures
     */
    void check(List<MatrixRow> rows) {
        byMethod.keySet().forEach(method -> rows.forEach(row -> shown(method, row.style())));
    }

    private IpAdapterInput shown(String method, @Nullable String style) {
        Map<String, IpAdapterInput> styles = byMethod.getOrDefault(method, Map.of());
        String named = Objects.requireNonNullElse(style, ALL);
        IpAdapterInput shown = styles.getOrDefault(named, styles.get(ALL));
        if (shown == null) {
            throw new UserException(
                    "references.%s has no style-images for '%s'; there are those of %s"
                            .formatted(method, named, String.join(", ", styles.keySet())));
        }
        return shown;
    }

    /** Returns the same references with each adapter changed. */
    GridReferences identified(UnaryOperator<IpAdapterInput> change) {
        Map<String, Map<String, IpAdapterInput>> changed = new LinkedHashMap<>();
        byMethod.forEach(
                (method, styles) -> {
                    Map<String, IpAdapterInput> all = new LinkedHashMap<>();
                    styles.forEach((style, shown) -> all.put(style, change.apply(shown)));
                    changed.put(method, all);
                });
        return new GridReferences(changed);
    }

    /**
     * The keys of one method.
     *
     * @param ipAdapter folder of an IP-Adapter, with {@code =SCALE} if it is not the usual one
     * @param styleImages files of its pictures, as a list or by style
     */
    @JsonNaming(KebabCaseStrategy.class)
    record Yaml(String ipAdapter, JsonNode styleImages) {
        Yaml {
            if (ipAdapter == null || styleImages == null) {
                throw new UserException("a method in references has ip-adapter and style-images");
            }
        }
    }

    /** Reads the key {@code references}; paths begin at the file's folder. */
    record Reader(YamlRecord records) {
        GridReferences read(@Nullable JsonNode node) {
            Map<String, Map<String, IpAdapterInput>> all = new LinkedHashMap<>();
            if (node == null) {
                return new GridReferences(all);
            }
            if (!node.isObject()) {
                throw records.wrong(
                        "references must name methods, such as {pictures: {ip-adapter: DIR,"
                                + " style-images: [a.png]}}, not "
                                + node);
            }
            for (Map.Entry<String, JsonNode> method : node.properties()) {
                all.put(method.getKey(), method(method.getKey(), method.getValue()));
            }
            return new GridReferences(all);
        }

        private Map<String, IpAdapterInput> method(String name, JsonNode node) {
            String key = "references." + name;
            if (!node.isObject()) {
                throw records.wrong(key + " must have ip-adapter and style-images, not " + node);
            }
            Yaml yaml = records.read(node, Yaml.class, "method in references");
            Map<String, IpAdapterInput> styles = new LinkedHashMap<>();
            if (!yaml.styleImages().isObject()) {
                styles.put(ALL, input(key, yaml.ipAdapter(), yaml.styleImages()));
            }
            for (Map.Entry<String, JsonNode> style : yaml.styleImages().properties()) {
                String place = key + ".style-images." + style.getKey();
                styles.put(style.getKey(), input(place, yaml.ipAdapter(), style.getValue()));
            }
            return styles;
        }

        private IpAdapterInput input(String key, String adapter, JsonNode pictures) {
            List<StylePicture> files = new ArrayList<>();
            if (pictures.isTextual()) {
                files.add(picture(key, pictures));
            } else if (pictures.isArray()) {
                pictures.forEach(one -> files.add(picture(key, one)));
            } else {
                throw records.wrong(key + " must be pictures' files, not " + pictures);
            }
            try {
                return IpAdapterInput.parse(adapter, files, folder());
            } catch (ArgumentException e) {
                throw records.wrong(String.valueOf(e.getMessage()));
            }
        }

        private StylePicture picture(String key, JsonNode file) {
            if (!file.isTextual() || file.asText().isBlank()) {
                throw records.wrong(key + " must be pictures' files, not " + file);
            }
            if (!Files.isRegularFile(folder().resolve(file.asText()))) {
                throw records.wrong(key + ": there is no picture " + file.asText());
            }
            return new StylePicture(file.asText(), null);
        }

        private Path folder() {
            return Objects.requireNonNullElse(
                    records.file().toAbsolutePath().getParent(), Path.of(""));
        }
    }
}
