package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a collection: a line of its {@code metadata.jsonl}.
 *
 * @param fileName path of the picture below the collection's folder, separated by {@code /}
 * @param labels styles (at least one), caption and the rest
 * @param sha256 of the file's bytes, 64 hexadecimal digits
 * @param width in pixels, of the picture turned the way the camera was held
 * @param height in pixels, likewise
 * @param source where it came from: the source's name and the path inside it
 * @param dhash what it looks like; null where it was imported without being decoded
 */
public record StyleItem(
        String fileName,
        Labels labels,
        String sha256,
        int width,
        int height,
        String source,
        @Nullable PictureHash dhash) {
    /** Checks the numbers and that the picture lies inside the collection. */
    public StyleItem {
        if (labels.styles().isEmpty()) {
            throw new IllegalArgumentException("has no style");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 \"" + sha256 + "\" is not 64 hex digits");
        }
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("size " + width + "x" + height + " is not positive");
        }
        Path path = Path.of(fileName);
        if (fileName.isBlank() || path.isAbsolute() || path.normalize().startsWith("..")) {
            throw new IllegalArgumentException(
                    "file_name \"" + fileName + "\" leaves the collection's folder");
        }
    }

    /** The caption to train on. */
    public String text() {
        return labels.text();
    }

    /** A number of the picture's own, the same wherever it lies: the first bits of its hash. */
    public long number() {
        return Long.parseUnsignedLong(sha256, 0, 16, 16);
    }

    /** This picture with other labels. */
    public StyleItem withLabels(Labels others) {
        return new StyleItem(fileName, others, sha256, width, height, source, dhash);
    }

    /** This picture in another part of the collection. */
    public StyleItem withSplit(@Nullable String split) {
        return withLabels(labels.withSplit(split));
    }

    /** This picture with a hash of its look. */
    public StyleItem withDhash(PictureHash hash) {
        return new StyleItem(fileName, labels, sha256, width, height, source, hash);
    }

    /** This picture with other styles. */
    StyleItem withStyles(List<String> styles) {
        // A caption made of content and first style stays what it was: the first style stays.
        return withLabels(labels.withStyles(styles));
    }

    /**
     * The line of {@code metadata.jsonl}; absent texts are null, so that every line has every key.
     */
    public ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("file_name", fileName);
        node.put("text", text());
        node.put("content", labels.content());
        node.put("style", labels.styles().get(0));
        ArrayNode styles = node.putArray("styles");
        labels.styles().forEach(styles::add);
        node.put("artist", labels.artist());
        node.put("genre", labels.genre());
        node.put("licence", labels.licence());
        node.put("sha256", sha256);
        node.put("width", width);
        node.put("height", height);
        node.put("source", source);
        node.put("split", labels.split());
        node.put("dhash", dhash == null ? null : dhash.toString());
        return node;
    }

    /**
     * @throws IllegalArgumentException when a key is missing or wrong; the message says which
     */
    static StyleItem fromJson(JsonNode node) {
        List<String> styles = new ArrayList<>();
        styles.add(require(node, "style"));
        node.path("styles").forEach(style -> styles.add(style.asText()));
        Labels labels =
                new Labels(
                        styles,
                        optional(node, "content"),
                        optional(node, "text"),
                        optional(node, "artist"),
                        optional(node, "genre"),
                        optional(node, "licence"),
                        optional(node, "split"));
        String source = optional(node, "source");
        String dhash = optional(node, "dhash");
        return new StyleItem(
                require(node, "file_name"),
                labels,
                require(node, "sha256"),
                node.path("width").asInt(),
                node.path("height").asInt(),
                source == null ? "" : source,
                dhash == null ? null : PictureHash.parse(dhash));
    }

    private static String require(JsonNode node, String key) {
        String value = optional(node, key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "has no \"" + key + "\"; run 'studio dataset import' on the folder first");
        }
        return value;
    }

    private static @Nullable String optional(JsonNode node, String key) {
        JsonNode value = node.path(key);
        // Parts of an export have empty texts where another part has some.
        return value.isValueNode() && !value.asText().isEmpty() && !value.isNull()
                ? value.asText()
                : null;
    }
}
