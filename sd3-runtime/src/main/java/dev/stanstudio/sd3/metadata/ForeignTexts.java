package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.ExifComment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers the texts in a picture's file under the keywords that they have in a PNG. */
final class ForeignTexts {
    /** ComfyUI and nodes that save put a keyword before the JSON in a field of EXIF. */
    private static final Pattern KEYWORD =
            Pattern.compile(
                    "\\s*(prompt|workflow|parameters)\\s*:\\s*([{\\[].*)",
                    Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private ForeignTexts() {}

    /**
     * The texts of a PNG, JPEG or WebP file by keyword.
     *
     * @throws UserException if it cannot be read
     */
    static Map<String, String> of(Path file) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (!ExifComment.isKept(file)) {
            texts.putAll(PngText.read(file));
        }
        ExifComment.texts(file).forEach(text -> add(text, texts));
        ExifComment.of(file).ifPresent(comment -> comment(comment, texts));
        return texts;
    }

    /** A comment has no keyword; some are an object of several texts, or a graph. */
    private static void comment(String comment, Map<String, String> texts) {
        if (KEYWORD.matcher(comment).matches()) {
            add(comment, texts);
            return;
        }
        Optional<JsonNode> parts = parts(comment);
        if (parts.isEmpty()) {
            texts.putIfAbsent(A1111Parameters.KEYWORD, comment);
        } else if (ComfyGraph.of(parts.get()).isPresent()) {
            texts.putIfAbsent(ComfyReading.GRAPH, comment);
        } else {
            parts.get()
                    .properties()
                    .forEach(
                            part -> {
                                JsonNode value = part.getValue();
                                texts.putIfAbsent(
                                        part.getKey(),
                                        value.isTextual() ? value.asText() : value.toString());
                            });
        }
    }

    /** Fooocus' and SwarmUI's prompts may speak of anything. */
    private static boolean isOfOthers(JsonNode root) {
        return !root.path("prompt").isTextual()
                || root.path("prompt").asText().contains(ComfyGraph.MARK);
    }

    private static Optional<JsonNode> parts(String comment) {
        try {
            return ForeignJson.object(comment, ComfyGraph.MARK, "its settings")
                    .or(() -> ForeignJson.object(comment, JsonDialects.NOVEL, "its settings"))
                    .filter(ForeignTexts::isOfOthers);
        } catch (UserException e) {
            // Refused where the settings are read.
            return Optional.empty();
        }
    }

    private static void add(String text, Map<String, String> texts) {
        Matcher keyword = KEYWORD.matcher(text);
        if (keyword.matches()) {
            texts.putIfAbsent(keyword.group(1).toLowerCase(Locale.ROOT), keyword.group(2));
        }
    }
}
