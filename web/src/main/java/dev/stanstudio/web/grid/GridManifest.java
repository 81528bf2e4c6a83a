package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.ManifestRecord;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.matrix.MatrixCell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@code manifest.jsonl} of a grid: which picture each file is and how it was made. A
 * line is added as soon as its picture is complete, so that a killed grid resumes there.
 * Thread-safe.
 */
final class GridManifest {
    private static final String ADAPTERS = "adapters";
    private static final String SETTINGS = "settingsSha256";
    private static final String FILE = "file";
    private static final String SHA256 = "sha256";
    private static final String DTYPE = "dtype";
    private static final String MODEL_SETTINGS = "model_settings";

    private final Path folder;
    private final Path list;
    private final Map<String, JsonNode> lines = new LinkedHashMap<>();

    private GridManifest(Path folder) {
        this.folder = folder;
        this.list = folder.resolve(Manifest.FILE);
    }

    /**
     * Opens the list in {@code folder}; both are created if they are missing.
     *
     * @throws UserException if the list there is no grid's; nothing of it is changed then
     */
    static GridManifest open(Path folder) {
        GridManifest manifest = new GridManifest(folder);
        try {
            Files.createDirectories(folder);
            if (Files.exists(manifest.list)) {
                manifest.read(Files.readAllBytes(manifest.list));
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot write into %s: %s".formatted(folder, e.getMessage()), e);
        }
        // A line that a kill cut short must not grow into the next one.
        manifest.rewrite(List.copyOf(manifest.lines.keySet()));
        return manifest;
    }

    /**
     * Reads whole lines strictly; a last line without its end, of a killed run, only if it fits.
     */
    private void read(byte[] bytes) {
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        int length = whole;
        Manifest.read(
                list.toString(),
                () -> new ByteArrayInputStream(bytes, 0, length),
                new Manifest.Reader() {
                    @Override
                    public void onRecord(long line, ManifestRecord record) {
                        try {
                            add(record);
                        } catch (IllegalArgumentException e) {
                            onBadLine(line, String.valueOf(e.getMessage()));
                        }
                    }

                    @Override
                    public void onBadLine(long line, String what) {
                        throw new UserException(
                                "%s line %d is no line of a grid (%s); choose another folder with --out"
                                        .formatted(list, line, what));
                    }
                });
        try {
            String last = new String(bytes, whole, bytes.length - whole, StandardCharsets.UTF_8);
            if (!last.isBlank()) {
                add(ManifestRecord.parse(last));
            }
        } catch (IllegalArgumentException e) {
            // The run ended while it wrote this line; the picture is generated again.
            return;
        }
    }

    /**
     * Adds a line that was read.
     *
     * @throws IllegalArgumentException if it is no line of a grid
     */
    private void add(ManifestRecord record) {
        if (record.text(FILE) == null || record.sha256() == null) {
            throw new IllegalArgumentException("has no file or no sha256");
        }
        record.path(folder);
        lines.put(record.json().path(FILE).asText(), record.json());
    }

    /**
     * Returns the line of a picture before it is generated.
     *
     * @param training label of the adapters' training, for lines of pictures that have any
     */
    static ObjectNode plan(
            MatrixCell cell, GenerationRequest request, @Nullable String training, Sd3Model model) {
        ObjectNode node = Json.PLAIN.createObjectNode();
        node.put(FILE, cell.file());
        node.put("method", cell.method());
        node.put("style", cell.pair().style());
        node.put("content", cell.pair().content());
        node.put("prompt", request.prompt().text());
        node.put("negative_prompt", request.negative().text());
        node.put("seed", cell.seed());
        node.put("width", request.width());
        node.put("height", request.height());
        node.put("steps", request.sampling().steps());
        node.put("guidance", request.sampling().guidance());
        if (!cell.at().isEmpty()) {
            ObjectNode axes = node.putObject("axes");
            cell.at().forEach(choice -> axes.put(choice.kind().label(), choice.value()));
        }
        if (training != null && !request.adapters().isEmpty()) {
            node.put("training", training);
        }
        TextSyntax syntax = request.text().syntax();
        if (syntax != null) {
            node.put("prompt_syntax", syntax.label());
        }
        node.put("model", model.name());
        node.put("fingerprint", model.fingerprint());
        node.put(MODEL_SETTINGS, model.settings());
        putForm(node, model.options());
        // Without what was not applied: it follows from the file, and older lists lack it.
        node.putPOJO(
                ADAPTERS,
                request.adapters().stream()
                        .map(
                                use ->
                                        new WeightedAdapter(
                                                use.path(),
                                                use.sha256(),
                                                use.settingsSha256(),
                                                use.weight(),
                                                List.of(),
                                                use.blocks()))
                        .toList());
        if (!request.controls().isEmpty()) {
            node.putPOJO("controls", request.controls());
        }
        if (request.image() != null) {
            node.putPOJO("image", request.image());
        }
        if (request.ipAdapter() != null) {
            node.putPOJO("ip_adapter", request.ipAdapter());
        }
        if (request.hires() != null) {
            node.putPOJO("hires", request.hires());
        }
        if (request.upscaler() != null) {
            node.putPOJO("upscaler", request.upscaler());
        }
        return Json.PLAIN.valueToTree(node);
    }

    /** Puts what the weights are in memory: other numbers draw other pictures. */
    private static void putForm(ObjectNode node, LoadOptions options) {
        node.put(DTYPE, options.dtype().label());
        if (options.quantization().small()) {
            node.put("quantize", options.quantization().label());
        }
    }

    /**
     * Returns true if the picture of {@code plan} exists.
     *
     * @throws UserException if one of that name was made with other settings
     */
    synchronized boolean has(ObjectNode plan) {
        String file = plan.path(FILE).asText();
        JsonNode line = lines.get(file);
        if (line == null) {
            return false;
        }
        ObjectNode stated = line.deepCopy();
        String sha256 = stated.remove(SHA256).asText();
        JsonNode wanted = withoutUnstated(reread(plan), stated);
        if (!stated.equals(wanted)) {
            throw new UserException(
                    "%s was made with other settings (%s); choose another folder with --out"
                            .formatted(folder.resolve(file), differing(stated, wanted)));
        }
        Path picture = folder.resolve(file);
        return Files.isRegularFile(picture) && Sha256.ofFile(picture).equals(sha256);
    }

    /** Returns the keys whose values differ. */
    private static String differing(JsonNode stated, JsonNode wanted) {
        Set<String> keys = new TreeSet<>();
        stated.fieldNames().forEachRemaining(keys::add);
        wanted.fieldNames().forEachRemaining(keys::add);
        keys.removeIf(key -> Objects.equals(stated.get(key), wanted.get(key)));
        return String.join(", ", keys);
    }

    /** Returns the plan without what an older list does not state. */
    private static JsonNode withoutUnstated(JsonNode plan, JsonNode stated) {
        for (String key : List.of(DTYPE, MODEL_SETTINGS)) {
            if (!stated.has(key)) {
                ((ObjectNode) plan).remove(key);
            }
        }
        boolean older = stated.path(ADAPTERS).findValue(SETTINGS) == null;
        if (older) {
            plan.path(ADAPTERS).forEach(use -> ((ObjectNode) use).remove(SETTINGS));
        }
        return plan;
    }

    /** Returns a tree whose numbers are as they are read from a file. */
    private static JsonNode reread(ObjectNode plan) {
        try {
            return Json.PLAIN.readTree(Json.PLAIN.writeValueAsString(plan));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written can be read", e);
        }
    }

    /** Adds the line of {@code plan}, whose picture is complete. */
    synchronized void add(ObjectNode plan) {
        String file = plan.path(FILE).asText();
        ObjectNode line = plan.deepCopy();
        line.put(SHA256, Sha256.ofFile(folder.resolve(file)));
        lines.put(file, line);
        Manifest.append(list, line);
    }

    /** Writes the list in the order of {@code files}, other lines behind. */
    synchronized void rewrite(List<String> files) {
        Map<String, JsonNode> left = new LinkedHashMap<>(lines);
        List<JsonNode> sorted = new ArrayList<>();
        for (String file : files) {
            JsonNode line = left.remove(file);
            if (line != null) {
                sorted.add(line);
            }
        }
        sorted.addAll(left.values());
        Manifest.write(list, sorted);
    }
}
