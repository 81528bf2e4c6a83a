package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.InnerPath;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.source.LabelJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of a manifest, or the JSON of a tar's sample, with the rules that hold for every reader:
 * a file stays in the manifest's folder, a stated hash is a SHA-256, a text is one text. Unknown
 * keys are ignored.
 *
 * @param json the line, with all its keys
 */
public record ManifestRecord(JsonNode json) {
    private static final String STYLE_IN_PROMPT = ", in the style of ";

    /** Digits of an adapter's hash that name its training. */
    private static final int HASH_SHOWN = 12;

    private static final Set<String> CAPTIONS = Set.of("prompt", "text", "caption");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is no JSON
     */
    public static ManifestRecord parse(String line) {
        try {
            return new ManifestRecord(LabelJson.read(line));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + Json.problem(e), e);
        }
    }

    /**
     * Returns the name of the picture's file: the {@code file}, as lists of this program say, or
     * {@code file_name}, {@code image} or {@code picture}, as others do; null if there is none.
     *
     * @throws IllegalArgumentException if it is no text
     */
    public @Nullable String file() {
        return text("file", "file_name", "image", "picture");
    }

    /**
     * Returns the path of the picture's file.
     *
     * @param folder of the manifest
     * @throws IllegalArgumentException if there is none, or its text leads out of {@code folder}
     */
    public Path path(Path folder) {
        return InnerPath.of(folder, requiredFile(), "file");
    }

    String requiredFile() {
        String file = file();
        if (file == null) {
            throw new IllegalArgumentException("has no \"file\"");
        }
        return file;
    }

    /**
     * Returns the hash that the file should have, or null.
     *
     * @throws IllegalArgumentException if it is no SHA-256 in lower case
     */
    public @Nullable String sha256() {
        String sha256 = text("sha256");
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 \"%s\" is not 64 hex digits".formatted(sha256));
        }
        return sha256;
    }

    /**
     * Returns the text that the picture was made from, or null.
     *
     * @throws IllegalArgumentException if it is no text
     */
    public @Nullable String prompt() {
        return text("prompt", "text", "caption");
    }

    /**
     * Returns the text of the first of {@code keys} that has one, or null. Of several captions the
     * first counts; of other lists and of objects nothing could be taken without guessing.
     *
     * @throws IllegalArgumentException that names the key whose value is no text
     */
    public @Nullable String text(String... keys) {
        for (String key : keys) {
            String text = text(key);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private @Nullable String text(String key) {
        JsonNode value = json.path(key);
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

    private @Nullable Long seed() {
        JsonNode seed = json.path("seed");
        if (seed.isMissingNode() || seed.isNull()) {
            return null;
        }
        if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
            throw new IllegalArgumentException("seed " + seed + " is no whole number of 64 bits");
        }
        return seed.longValue();
    }

    /**
     * Returns the picture of this line.
     *
     * @param file its name, which a tar's sample does not state
     * @throws IllegalArgumentException that says which key is missing or wrong
     */
    ListedPicture picture(String file, PictureList.Defaults defaults) {
        String sha256 = sha256();
        String prompt = prompt();
        String method = text("method");
        Long seed = seed();
        return new ListedPicture(
                file,
                sha256,
                method == null ? defaults.method() : method,
                style(text("style"), prompt, defaults),
                text("content"),
                prompt,
                seed,
                training());
    }

    /**
     * Returns the stated training, else the hashes of the adapters, of which each training has its
     * own; empty where the list states that there were no adapters, null where it does not say.
     */
    private @Nullable String training() {
        String stated = text("training");
        JsonNode adapters = json.path("adapters");
        if (stated != null || !adapters.isArray()) {
            return stated;
        }
        List<String> hashes = new ArrayList<>();
        for (JsonNode adapter : adapters) {
            String hash = adapter.path("sha256").asText("");
            if (!SHA256.matcher(hash).matches()) {
                return null;
            }
            hashes.add(hash.substring(0, HASH_SHOWN));
        }
        return String.join("+", hashes);
    }

    /**
     * Returns the stated style, else the one that the prompt names as {@code studio generate
     * --style} does, in canonical form.
     */
    static @Nullable String style(
            @Nullable String stated, @Nullable String prompt, PictureList.Defaults defaults) {
        String named = stated;
        if (named == null && prompt != null && prompt.contains(STYLE_IN_PROMPT)) {
            named =
                    prompt.substring(
                            prompt.lastIndexOf(STYLE_IN_PROMPT) + STYLE_IN_PROMPT.length());
        }
        named = named == null ? defaults.style() : named;
        String canonical = named == null ? "" : StyleNames.canonical(named);
        return canonical.isEmpty() ? null : canonical;
    }
}
