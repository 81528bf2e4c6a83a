package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.collection.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Labels from an object whose keys people name differently: a metadata line or a sample's JSON. The
 * case of keys does not count. Of several captions the first is taken, of styles all.
 */
final class RowLabels {
    private static final List<String> STYLE =
            List.of("styles", "style", "style_name", "movement", "label", "class_name");
    private static final List<String> CAPTION =
            List.of(
                    "text",
                    "caption",
                    "captions",
                    "prompt",
                    "prompts",
                    "sentence",
                    "sentences",
                    "texts",
                    "description",
                    "raw",
                    "alt_text");
    private static final List<String> CONTENT = List.of("content", "title");
    private static final List<String> ARTIST = List.of("artist", "artist_name", "author");
    private static final List<String> LICENCE = List.of("licence", "license");
    private static final List<String> SPLIT = List.of("split", "subset");
    private static final List<String> FILE =
            List.of(
                    "file_name",
                    "image_file_name",
                    "filename",
                    "file",
                    "file_path",
                    "filepath",
                    "image_path",
                    "image_name",
                    "image",
                    "img",
                    "path");

    /** A list as Python or JSON writes it: quoted texts in brackets. */
    private static final Pattern LIST = Pattern.compile("\\[\\s*(['\"].*['\"])\\s*,?\\s*]");

    private static final Pattern QUOTED = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'|\"([^\"]*)\"");

    private RowLabels() {}

    /** Returns the labels in {@code row}. */
    static Labels of(JsonNode row) {
        Map<String, JsonNode> keys = keys(row);
        return new Labels(
                styles(keys),
                first(keys, CONTENT),
                caption(keys),
                first(keys, ARTIST),
                first(keys, List.of("genre")),
                first(keys, LICENCE),
                split(keys));
    }

    /**
     * Reads the JSON of one picture: an object's labels, or a caption where it is a text or a list
     * of texts; the first of several objects. Null where it is nothing of these.
     */
    static @Nullable Labels ofSample(JsonNode json) {
        boolean objects = json.isArray() && !json.isEmpty() && json.get(0).isObject();
        JsonNode value = objects ? json.get(0) : json;
        if (value.isObject() || value.isNull() || value.isMissingNode() || isEmptyList(value)) {
            return of(value);
        }
        List<String> captions = texts(value, false);
        Labels captioned =
                captions.stream()
                        .filter(caption -> !caption.isBlank())
                        .findFirst()
                        .map(caption -> Labels.NONE.withCaption(caption.strip()))
                        .orElse(Labels.NONE);
        return captions.isEmpty() ? null : captioned;
    }

    /** Returns whether {@code row} says something where a caption stands, and no text is found. */
    static boolean hidesCaption(JsonNode row) {
        Map<String, JsonNode> keys = keys(row);
        return caption(keys) == null && saysAny(keys, CAPTION);
    }

    /** Returns whether {@code row} says something where a style stands, and no text is found. */
    static boolean hidesStyle(JsonNode row) {
        Map<String, JsonNode> keys = keys(row);
        return styles(keys).isEmpty() && saysAny(keys, STYLE);
    }

    private static boolean saysAny(Map<String, JsonNode> keys, List<String> names) {
        return names.stream().map(keys::get).anyMatch(value -> value != null && says(value));
    }

    /** Python writes NaN for a text that is missing. */
    private static boolean says(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode inner : value) {
                if (says(inner)) {
                    return true;
                }
            }
            return false;
        }
        boolean missing = value.isNull() || value.isMissingNode();
        boolean none = value.isFloatingPointNumber() && Double.isNaN(value.asDouble());
        return !missing && !none && !(value.isTextual() && value.asText().isBlank());
    }

    private static boolean holdsObject(JsonNode value) {
        return value.isArray()
                ? !value.isEmpty() && value.get(0).isObject()
                : value.isObject() && !value.isEmpty();
    }

    /** The first caption, which may lie in an object of its own, as {@code sentences.raw}. */
    private static @Nullable String caption(Map<String, JsonNode> keys) {
        for (String name : CAPTION) {
            JsonNode value = keys.get(name);
            String text = first(keys, List.of(name));
            if (text == null && value != null && holdsObject(value)) {
                text = inner(value.isArray() ? value.get(0) : value);
            }
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** The text of a usual key, else the only text. */
    private static @Nullable String inner(JsonNode object) {
        String usual = first(keys(object), CAPTION);
        if (usual != null) {
            return usual;
        }
        List<String> all = new ArrayList<>();
        object.forEach(value -> all.addAll(value.isTextual() ? texts(value, false) : List.of()));
        return all.size() == 1 && !all.get(0).isBlank() ? all.get(0) : null;
    }

    private static boolean isEmptyList(JsonNode value) {
        return value.isArray() && value.isEmpty();
    }

    /** The file that {@code row} labels; null where no usual key names one. */
    static @Nullable String file(JsonNode row) {
        Map<String, JsonNode> keys = keys(row);
        String usual = first(keys, FILE);
        if (usual != null) {
            return usual;
        }
        // Hugging Face reads every column of this ending.
        return first(keys, keys.keySet().stream().filter(k -> k.endsWith("_file_name")).toList());
    }

    /** Returns whether a column of this name may name the file. */
    static boolean namesFile(String column) {
        String key = key(column);
        return FILE.contains(key) || key.endsWith("_file_name");
    }

    private static Map<String, JsonNode> keys(JsonNode row) {
        Map<String, JsonNode> keys = new HashMap<>();
        row.properties().forEach(entry -> keys.putIfAbsent(key(entry.getKey()), entry.getValue()));
        return keys;
    }

    private static String key(String column) {
        return column.strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    }

    private static List<String> styles(Map<String, JsonNode> keys) {
        for (String key : STYLE) {
            List<String> names =
                    texts(keys.get(key), true).stream().filter(n -> !n.isBlank()).toList();
            if (!names.isEmpty()) {
                return names;
            }
        }
        return List.of();
    }

    private static @Nullable String first(Map<String, JsonNode> keys, List<String> names) {
        for (String name : names) {
            for (String text : texts(keys.get(name), name.endsWith("s"))) {
                if (!text.isBlank()) {
                    return text;
                }
            }
        }
        return null;
    }

    /**
     * @param lists whether a text may be a list that a table could not hold otherwise
     */
    private static List<String> texts(@Nullable JsonNode value, boolean lists) {
        List<String> texts = new ArrayList<>();
        if (value != null && value.isTextual()) {
            texts.addAll(lists ? listed(value.asText()) : List.of(value.asText()));
        } else if (value != null && value.isArray()) {
            value.forEach(one -> texts.addAll(one.isTextual() ? List.of(one.asText()) : List.of()));
        }
        return texts;
    }

    /** The texts of a list that a table holds as one text, else the text itself. */
    static List<String> listed(String text) {
        Matcher list = LIST.matcher(text.strip());
        if (!list.matches()) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(list.group(1));
        while (quoted.find()) {
            String one = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
            texts.add(one.replace("\\'", "'"));
        }
        return texts;
    }

    private static @Nullable String split(Map<String, JsonNode> keys) {
        String split = first(keys, SPLIT);
        String known = split == null ? null : Layouts.split(split);
        return known == null ? split : known;
    }
}
