package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.collection.StyleNames;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what lines and the JSON beside tar members say, whatever their keys are called. */
final class ListedJson {
    private static final String NAMED = ", in the style of ";

    private static final Set<String> CAPTIONS = Set.of("prompt", "text", "caption");

    private ListedJson() {}

    /**
     * A picture of what {@code node} says.
     *
     * @throws IllegalArgumentException that says which key is missing or wrong
     */
    static ListedPicture read(JsonNode node, String file, PictureList.Defaults defaults) {
        String sha256 = text(node, "sha256");
        if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 \"" + sha256 + "\" is not 64 hex digits");
        }
        String prompt = first(text(node, "prompt"), text(node, "text"), text(node, "caption"));
        String method = text(node, "method");
        JsonNode seed = node.path("seed");
        if (!seed.isMissingNode() && !seed.isNull() && !isLong(seed)) {
            throw new IllegalArgumentException("seed " + seed + " is no whole number of 64 bits");
        }
        return new ListedPicture(
                file,
                sha256,
                method == null ? defaults.method() : method,
                style(text(node, "style"), prompt, defaults),
                text(node, "content"),
                prompt,
                seed.isIntegralNumber() ? seed.longValue() : null);
    }

    /** The file that a line names. */
    static String file(JsonNode node) {
        String file = first(text(node, "file"), text(node, "file_name"));
        if (file == null) {
            throw new IllegalArgumentException("has no \"file\"");
        }
        return file;
    }

    /** The stated style, else the one that the prompt names as 'studio generate --style' does. */
    static @Nullable String style(
            @Nullable String stated, @Nullable String prompt, PictureList.Defaults defaults) {
        String named = stated;
        if (named == null && prompt != null && prompt.contains(NAMED)) {
            named = prompt.substring(prompt.lastIndexOf(NAMED) + NAMED.length());
        }
        named = named == null ? defaults.style() : named;
        String canonical = named == null ? "" : StyleNames.canonical(named);
        return canonical.isEmpty() ? null : canonical;
    }

    private static boolean isLong(JsonNode seed) {
        return seed.isIntegralNumber() && seed.canConvertToLong();
    }

    /**
     * The text of a key, null where it says nothing. Of several captions the first counts, as
     * elsewhere; of other lists and of objects nothing could be taken without guessing.
     *
     * @throws IllegalArgumentException that names the key
     */
    static @Nullable String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        boolean several = value.size() > 1 && !CAPTIONS.contains(key);
        if (value.isObject() || several || value.path(0).isContainerNode()) {
            throw new IllegalArgumentException("%s must be one text, not %s".formatted(key, value));
        }
        value = value.isArray() ? value.path(0) : value;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.asText())) {
            throw new IllegalArgumentException(key + " holds half a character, so it is no text");
        }
        return value.isValueNode() && !value.isNull() && !value.asText().isBlank()
                ? value.asText()
                : null;
    }

    private static @Nullable String first(@Nullable String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return null;
    }
}
