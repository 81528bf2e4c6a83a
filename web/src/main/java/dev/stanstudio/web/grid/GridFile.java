package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    private static final Set<String> PAIR_KEYS = Set.of("style", "content");

    private final Path file;
    private final GridFields root;

    private GridFile(Path file, GridFields root) {
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
            GridFields fields = new GridFields(file, root);
            if (root == null || !root.isObject()) {
                throw fields.wrong("a grid is a list of keys, such as pairs, adapters and seeds");
            }
            return new GridFile(file, fields.only(KEYS, "grid")).grid();
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new UserException(file + " is no YAML" + place + ": " + why, e);
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Grid grid() {
        String template = root.text("template");
        return new Grid(
                root.text("model"),
                pairs(),
                template == null ? TEMPLATE : template,
                adapters(),
                seeds(),
                root.whole("steps"),
                root.number("guidance"),
                root.whole("width"),
                root.whole("height"),
                root.text("negative-prompt"));
    }

    private List<GridPair> pairs() {
        List<GridPair> pairs = new ArrayList<>();
        if (root.node().path("pairs").isTextual()) {
            pairs.addAll(GridPresets.named(root.node().path("pairs").asText()));
        } else {
            root.items("pairs").forEach(pair -> pairs.add(pair(pair)));
        }
        List<String> styles = root.texts("styles");
        for (String content : root.texts("contents")) {
            if (styles.isEmpty()) {
                pairs.add(new GridPair(null, content));
            }
            styles.forEach(style -> pairs.add(new GridPair(style, content)));
        }
        if (pairs.isEmpty()) {
            throw root.wrong("give pairs, or contents and styles");
        }
        if (!root.has("contents") && !styles.isEmpty()) {
            throw root.wrong("styles need contents to be multiplied with");
        }
        return pairs;
    }

    private GridPair pair(JsonNode node) {
        GridFields pair = new GridFields(file, node).only(PAIR_KEYS, "pair");
        return new GridPair(pair.text("style"), pair.text("content"));
    }

    private Map<String, List<AdapterUse>> adapters() {
        JsonNode node = root.node().path("adapters");
        if (!node.isMissingNode() && !node.isObject()) {
            throw root.wrong(
                    "adapters must name methods, such as {stan: runs/stan/adapter}, not " + node);
        }
        Map<String, List<AdapterUse>> columns = new LinkedHashMap<>();
        node.properties()
                .forEach(
                        column ->
                                columns.put(
                                        column.getKey(), uses(column.getKey(), column.getValue())));
        if (columns.isEmpty()) {
            columns.put("none", List.of());
        }
        return columns;
    }

    /** The adapters of a method; a method without any says so by an empty list. */
    private List<AdapterUse> uses(String method, JsonNode node) {
        if (node.isTextual() && !node.asText().isBlank()) {
            return List.of(use(node.asText()));
        }
        if (!node.isArray()) {
            throw root.wrong(
                    "adapters.%s must be an adapter's path, a list of them, or [] for none, not %s"
                            .formatted(method, node));
        }
        List<AdapterUse> uses = new ArrayList<>();
        node.forEach(one -> uses.add(use(root.text("adapters." + method, one))));
        return uses;
    }

    private AdapterUse use(String text) {
        AdapterUse use = AdapterUse.parse(text);
        Path folder = file.toAbsolutePath().getParent();
        Path path = folder == null ? use.toPath() : folder.resolve(use.toPath()).normalize();
        if (!Files.exists(path)) {
            throw root.wrong("there is no adapter " + path);
        }
        return new AdapterUse(path.toString(), null, use.weight());
    }

    private List<Long> seeds() {
        JsonNode node = root.node().path("seeds");
        if (node.isMissingNode()) {
            return List.of(0L);
        }
        List<Long> seeds = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(part -> addSeeds(seeds, root.text("seeds", part)));
        } else {
            addSeeds(seeds, root.text("seeds", node));
        }
        return seeds;
    }

    /** A number, or a range such as 0-3, both ends included. */
    private void addSeeds(List<Long> seeds, String text) {
        for (String part : text.split(",")) {
            try {
                seeds.addAll(Seed.range(part.replaceAll("\\s*-\\s*", "-"), Grid.MOST + 1));
                if (seeds.size() > Grid.MOST) {
                    throw root.wrong("has more than " + Grid.MOST + " seeds");
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
