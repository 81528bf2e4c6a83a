package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.generate.UpscalerFinder;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.pipeline.Wildcards;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisJson;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureMatrix;
import dev.stanstudio.web.matrix.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a grid from YAML. Relative paths of adapters count from the file's folder. */
final class GridFile {
    private static final String TEMPLATE = PromptTexts.inStyle("{content}", "{style}");

    private final Path file;
    private final YamlRecord records;

    private GridFile(Path file) {
        this.file = file;
        this.records = new YamlRecord(file);
    }

    /**
     * Returns the grid in {@code file}.
     *
     * @throws UserException that names the file and the key that does not fit
     */
    static Grid read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException("there is no file " + file);
        }
        try {
            return of(file, YamlText.reader().readTree(YamlText.of(file)));
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new UserException("%s is no YAML%s: %s".formatted(file, place, why), e);
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be read: %s".formatted(file, AtomicFile.reason(e)), e);
        }
    }

    /**
     * Returns the grid whose keys {@code content} holds.
     *
     * @throws UserException that names the file and the key that does not fit
     */
    static Grid of(Path file, @Nullable JsonNode content) {
        return new GridFile(file).grid(content);
    }

    private Grid grid(@Nullable JsonNode root) {
        if (root == null || !root.isObject()) {
            throw records.wrong("a grid is a list of keys, such as pairs, adapters and seeds");
        }
        GridYaml yaml = records.read(root, GridYaml.class, "grid");
        String template = Objects.requireNonNullElse(yaml.template(), TEMPLATE);
        List<MatrixRow> rows = pairs(yaml).stream().map(pair -> pair.row(template)).toList();
        List<Axis> axes = axes(yaml.axes());
        GridReferences references = new GridReferences.Reader(records).read(yaml.references());
        references.check(rows);
        boolean alone = references.byMethod().isEmpty();
        GridControls controls = new GridControls.Reader(records).read(yaml.control());
        List<Method> trained =
                along(
                        axes,
                        methods(given(yaml.adapters()), alone && controls.byMethod().isEmpty()));
        List<Method> methods = controls.withColumns(references.withColumns(trained));
        return new Grid(
                yaml.model(),
                new PictureMatrix(rows, methods, seeds(yaml.seeds()), axes),
                yaml.steps(),
                yaml.guidance(),
                yaml.width(),
                yaml.height(),
                yaml.negativePrompt(),
                Boolean.TRUE.equals(yaml.choices()) ? choices() : null,
                controls,
                references,
                yaml.training() == null || yaml.training().isBlank() ? null : yaml.training(),
                enlargement(yaml),
                syntax(yaml, rows),
                GridImage.read(yaml.image(), records));
    }

    /** Reads the weights of prompts; those with choices are read when they are made. */
    private @Nullable TextSyntax syntax(GridYaml yaml, List<MatrixRow> rows) {
        if (yaml.promptSyntax() == null) {
            return null;
        }
        try {
            TextSyntax syntax = TextSyntax.of(yaml.promptSyntax());
            if (!Boolean.TRUE.equals(yaml.choices())) {
                rows.forEach(row -> syntax.read(row.prompt()));
            }
            syntax.read(Objects.requireNonNullElse(yaml.negativePrompt(), ""));
            return syntax;
        } catch (ArgumentException e) {
            throw records.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static PromptChoices choices() {
        return Wildcards.of(StudioHome.ofEnvironment().folder());
    }

    private List<Axis> axes(@Nullable JsonNode node) {
        try {
            return AxisJson.read(node);
        } catch (ArgumentException e) {
            throw records.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Adds the saved states that an axis runs over; their hashes are read with the pictures. */
    private static List<Method> along(List<Axis> axes, List<Method> methods) {
        return Axis.find(axes, AxisKind.CHECKPOINT)
                .map(axis -> methods.stream().map(m -> m.over(axis, path -> null)).toList())
                .orElse(methods);
    }

    private static JsonNode given(@Nullable JsonNode node) {
        return node == null ? MissingNode.getInstance() : node;
    }

    private List<GridPair> pairs(GridYaml yaml) {
        List<GridPair> pairs = new ArrayList<>(listed(given(yaml.pairs())));
        List<String> styles = Objects.requireNonNullElse(yaml.styles(), List.of());
        for (String content : Objects.requireNonNullElse(yaml.contents(), List.<String>of())) {
            if (styles.isEmpty()) {
                pairs.add(new GridPair(null, content));
            }
            styles.forEach(style -> pairs.add(new GridPair(style, content)));
        }
        if (pairs.isEmpty()) {
            throw records.wrong("give pairs, or contents and styles");
        }
        if (yaml.contents() == null && !styles.isEmpty()) {
            throw records.wrong("styles need contents to be multiplied with");
        }
        return pairs;
    }

    private List<GridPair> listed(JsonNode node) {
        if (node.isTextual()) {
            return GridPresets.named(node.asText());
        }
        if (!node.isMissingNode() && !node.isArray()) {
            throw records.wrong("pairs must be a list such as [pairs], not " + node);
        }
        List<GridPair> pairs = new ArrayList<>();
        for (JsonNode pair : node) {
            // What is no object has no content, which the pair itself refuses.
            pairs.add(
                    pair.isObject()
                            ? records.read(pair, GridPair.class, "pair")
                            : new GridPair(null, ""));
        }
        return pairs;
    }

    private List<Method> methods(JsonNode node, boolean alone) {
        if (!node.isMissingNode() && !node.isObject()) {
            throw records.wrong(
                    "adapters must name methods, such as {stan: runs/stan/adapter}, not " + node);
        }
        List<Method> methods = new ArrayList<>();
        node.properties()
                .forEach(
                        method ->
                                methods.add(
                                        new Method(
                                                method.getKey(),
                                                uses(method.getKey(), method.getValue()))));
        return methods.isEmpty() && alone ? List.of(new Method("none", List.of())) : methods;
    }

    /** Returns the adapters of a method; an empty list stands for the model alone. */
    private List<WeightedAdapter> uses(String method, JsonNode node) {
        if (node.isTextual() && !node.asText().isBlank()) {
            return List.of(use(node.asText()));
        }
        if (!node.isArray()) {
            throw records.wrong(
                    "adapters.%s must be an adapter's path, a list of them, or [] for none, not %s"
                            .formatted(method, node));
        }
        List<WeightedAdapter> uses = new ArrayList<>();
        node.forEach(one -> uses.add(use(text("adapters." + method, one))));
        return uses;
    }

    /** Returns what makes pictures larger; paths of upscalers begin at the file's folder. */
    private Enlargement enlargement(GridYaml yaml) {
        try {
            HiresPass pass = yaml.hires() == null ? null : HiresPass.parse(yaml.hires());
            UpscalerInput own = pass == null ? null : pass.upscaler();
            if (pass != null && own != null) {
                pass = pass.by(upscaler(own.path()));
            }
            return new Enlargement(pass, yaml.upscale() == null ? null : upscaler(yaml.upscale()));
        } catch (ArgumentException e) {
            throw records.wrong(String.valueOf(e.getMessage()));
        }
    }

    private UpscalerInput upscaler(String name) {
        UpscalerInput named = UpscalerInput.of(name);
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of(""));
        Path beside = folder.resolve(name).normalize();
        Path path = Files.exists(beside) ? beside : UpscalerFinder.ofUser().find(name);
        return named.by(path.toString());
    }

    private String text(String key, JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            throw records.wrong("%s must be a text, not %s".formatted(key, value));
        }
        return value.asText();
    }

    private WeightedAdapter use(String text) {
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of(""));
        WeightedAdapter use = WeightedAdapter.parse(text, folder);
        Path path = folder.resolve(use.toPath()).normalize();
        if (!Files.exists(path)) {
            throw records.wrong("there is no adapter " + path);
        }
        return use.in(path.toString(), null);
    }

    private List<Long> seeds(@Nullable JsonNode node) {
        if (node == null) {
            return List.of(0L);
        }
        List<Long> seeds = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(part -> addSeeds(seeds, text("seeds", part)));
        } else {
            addSeeds(seeds, text("seeds", node));
        }
        return seeds;
    }

    private void addSeeds(List<Long> seeds, String text) {
        for (String part : text.split(",")) {
            try {
                seeds.addAll(Seeds.range(part, Grid.MOST + 1));
            } catch (ArgumentException e) {
                throw new UserException(
                        "%s: seeds are numbers and ranges such as 0-3, not '%s': %s"
                                .formatted(file, part, e.getMessage()),
                        e);
            }
            if (seeds.size() > Grid.MOST) {
                throw records.wrong("has more than " + Grid.MOST + " seeds");
            }
        }
    }
}
