package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code manifest.jsonl} of a grid: what each picture is and how it was made. A line is added as
 * soon as its picture is whole, so that a killed grid goes on where it was.
 */
final class GridManifest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "file";
    private static final String SHA256 = "sha256";

    private final Path folder;
    private final Path list;
    private final Map<String, JsonNode> lines = new LinkedHashMap<>();

    private GridManifest(Path folder) {
        this.folder = folder;
        this.list = folder.resolve(PictureList.MANIFEST);
    }

    /**
     * The list in {@code folder}, which is made if it is missing.
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
            throw new UserException("cannot write into " + folder + ": " + e.getMessage(), e);
        }
        // A line that a kill cut short must not grow into the next one.
        manifest.rewrite(List.copyOf(manifest.lines.keySet()));
        return manifest;
    }

    private void read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> found = text.lines().toList();
        for (int i = 0; i < found.size(); i++) {
            boolean cut = i == found.size() - 1 && !text.endsWith("\n");
            if (!found.get(i).isBlank() && !keep(found.get(i)) && !cut) {
                throw new UserException(
                        "%s line %d is no line of a grid; choose another folder with --out"
                                .formatted(list, i + 1));
            }
        }
    }

    /** Whether {@code line} is one of a grid; the end of a killed run is none and is made again. */
    private boolean keep(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.hasNonNull(FILE) || !node.hasNonNull(SHA256)) {
                return false;
            }
            lines.put(node.path(FILE).asText(), node);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** What a line says before its picture is made. */
    static ObjectNode plan(
            Grid.Cell cell, GenerationRequest request, String model, String fingerprint) {
        ObjectNode node = JSON.createObjectNode();
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
        node.put("model", model);
        node.put("fingerprint", fingerprint);
        // What is not applied follows from the file; lists of earlier versions lack it.
        node.putPOJO(
                "adapters",
                request.adapters().stream()
                        .map(use -> new AdapterUse(use.path(), use.sha256(), use.weight()))
                        .toList());
        return JSON.valueToTree(node);
    }

    /**
     * Whether the picture of {@code plan} is there.
     *
     * @throws UserException if one of that name is there that was made otherwise
     */
    boolean has(ObjectNode plan) {
        String file = plan.path(FILE).asText();
        JsonNode line = lines.get(file);
        if (line == null) {
            return false;
        }
        ObjectNode said = line.deepCopy();
        String sha256 = said.remove(SHA256).asText();
        if (!said.equals(reread(plan))) {
            throw new UserException(
                    folder.resolve(file)
                            + " was made with other settings; choose another folder with --out");
        }
        Path picture = folder.resolve(file);
        return Files.isRegularFile(picture) && Sha256.ofFile(picture).equals(sha256);
    }

    /** Numbers as they look when they are read from a file. */
    private static JsonNode reread(ObjectNode plan) {
        try {
            return JSON.readTree(JSON.writeValueAsString(plan));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written can be read", e);
        }
    }

    /** The picture of {@code plan} is whole. */
    void add(ObjectNode plan) {
        String file = plan.path(FILE).asText();
        ObjectNode line = plan.deepCopy();
        line.put(SHA256, Sha256.ofFile(folder.resolve(file)));
        lines.put(file, line);
        try {
            Files.writeString(
                    list,
                    line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException("cannot write " + list + ": " + e.getMessage(), e);
        }
    }

    /** The list in the order of {@code files}, further ones behind. */
    void rewrite(List<String> files) {
        Map<String, JsonNode> left = new LinkedHashMap<>(lines);
        AtomicFile.write(
                list,
                out -> {
                    for (String file : files) {
                        JsonNode line = left.remove(file);
                        if (line != null) {
                            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                        }
                    }
                    for (JsonNode line : left.values()) {
                        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                });
    }
}
