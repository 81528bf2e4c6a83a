package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.Seed;
import dev.stanstudio.web.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a grid from YAML. Relative paths of adapters count from the file's folder. */
final class GridFile {
    private static final Set<String> KEYS =
            Set.of(
                    "model",
                    "pairs",
                    "styles",
                    "contents",
                    "template",
                    "adapters",
                    "seeds",
                    "steps",
                    "guidance",
                    "width",
                    "height",
                    "negative-prompt");

    private static final String TEMPLATE = "{content}, in the style of {style}";

    private final Path file;
    private final JsonNode root;

    private GridFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * The grid in {@code file}.
     *
     * @throws UserException that names the file and the key that does not fit
     */
    static Grid read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException("there is no file " + file);
        }
        try {
            JsonNode root = YamlText.mapper().readTree(YamlText.of(file));
            GridFile grid = new GridFile(file, root);
            return grid.grid();
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new UserException(file + " is no YAML" + place + ": " + why, e);
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private UserException wrong(String what) {
        return new UserException(file + ": " + what);
    }

    private Grid grid() {
        if (root == null || !root.isObject()) {
            throw wrong("a grid is a list of keys, such as pairs, adapters and seeds");
        }
        root.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!KEYS.contains(key)) {
                                throw wrong(
                                        "'" + key + "' is no key of a grid; there are " + keys());
                            }
                        });
        String template = text("template");
        return new Grid(
                text("model"),
                pairs(),
                template == null ? TEMPLATE : template,
                adapters(),
                seeds(),
                whole("steps"),
                number("guidance"),
                whole("width"),
                whole("height"),
                text("negative-prompt"));
    }

    private static String keys() {
        return String.join(", ", KEYS.stream().sorted().toList());
    }

    private @Nullable String text(String key) {
        JsonNode node = root.path(key);
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    private @Nullable Integer whole(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isInt()) {
            throw wrong(key + " must be a whole number, not " + node);
        }
        return node.intValue();
    }

    private @Nullable Double number(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isNumber()) {
            throw wrong(key + " must be a number, not " + node);
        }
        return node.doubleValue();
    }

    private List<GridPair> pairs() {
        JsonNode node = root.path("pairs");
        if (node.isTextual()) {
            return GridPresets.named(node.asText());
        }
        List<GridPair> pairs = new ArrayList<>();
        for (JsonNode pair : node) {
            pairs.add(new GridPair(own(pair, "style"), own(pair, "content")));
        }
        for (JsonNode content : root.path("contents")) {
            if (root.path("styles").isEmpty()) {
                pairs.add(new GridPair(null, content.asText()));
            }
            for (JsonNode style : root.path("styles")) {
                pairs.add(new GridPair(style.asText(), content.asText()));
            }
        }
        if (pairs.isEmpty()) {
            throw wrong("give pairs, or contents and styles");
        }
        return pairs;
    }

    private static @Nullable String own(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    private Map<String, List<AdapterUse>> adapters() {
        Map<String, List<AdapterUse>> columns = new LinkedHashMap<>();
        root.path("adapters")
                .properties()
                .forEach(column -> columns.put(column.getKey(), uses(column.getValue())));
        if (columns.isEmpty()) {
            columns.put("none", List.of());
        }
        return columns;
    }

    private List<AdapterUse> uses(JsonNode node) {
        List<AdapterUse> uses = new ArrayList<>();
        if (node.isTextual()) {
            uses.add(use(node.asText()));
        } else {
            node.forEach(one -> uses.add(use(one.asText())));
        }
        return uses;
    }

    private AdapterUse use(String text) {
        AdapterUse use = AdapterUse.parse(text);
        Path folder = file.toAbsolutePath().getParent();
        Path path = folder == null ? use.toPath() : folder.resolve(use.toPath()).normalize();
        if (!Files.exists(path)) {
            throw wrong("there is no adapter " + path);
        }
        return new AdapterUse(path.toString(), null, use.weight());
    }

    private List<Long> seeds() {
        JsonNode node = root.path("seeds");
        if (node.isMissingNode()) {
            return List.of(0L);
        }
        List<Long> seeds = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(part -> addSeeds(seeds, part.asText()));
        } else {
            addSeeds(seeds, node.asText());
        }
        return seeds;
    }

    /** A number, or a range such as 0-3, both ends included. */
    private void addSeeds(List<Long> seeds, String text) {
        for (String part : text.split(",")) {
            try {
                seeds.addAll(Seed.range(part.replaceAll("\\s*-\\s*", "-"), Grid.MOST + 1));
                if (seeds.size() > Grid.MOST) {
                    throw wrong("has more than " + Grid.MOST + " seeds");
                }
            } catch (ArgumentException e) {
                throw new UserException(
                        file
                                + ": seeds are numbers and ranges such as 0-3, not '"
                                + part
                                + "': "
                                + e.getMessage(),
                        e);
            }
        }
    }
}
