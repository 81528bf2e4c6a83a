package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Describes a picture by its line of a manifest, before it is opened.
 *
 * @param file path below the manifest's folder, separated by {@code /}, or the name inside a tar
 * @param sha256 expected hash of the file; null if not stated
 * @param method the method that made it, such as none, lora or stan
 * @param style the style it should be in, in canonical form; null for none known
 * @param content its intended subject, without the style
 * @param prompt the text it was made from
 * @param seed the seed it was made from
 * @param training label of the training that its adapter is of, the same for methods that share the
 *     training's seed; empty for a picture without adapter, null where nothing says so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListedPicture(
        String file,
        @Nullable String sha256,
        String method,
        @Nullable String style,
        @Nullable String content,
        @Nullable String prompt,
        @Nullable Long seed,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable String training) {
    /** Creates one of which no training is known. */
    public ListedPicture(
            String file,
            @Nullable String sha256,
            String method,
            @Nullable String style,
            @Nullable String content,
            @Nullable String prompt,
            @Nullable Long seed) {
        this(file, sha256, method, style, content, prompt, seed, null);
    }

    /** Returns whether the list states that no adapter had a part in it. */
    @JsonIgnore
    public boolean isPlain() {
        return training != null && training.isEmpty();
    }

    /** Returns the training's label; null for none, or none known. */
    public @Nullable String trained() {
        return isPlain() ? null : training;
    }

    /**
     * Returns the unit of the bootstrap within a training: a prompt with a seed, or the file if
     * either is unknown. It is the same for every method and training.
     */
    public String unit() {
        return prompt == null || seed == null ? "file " + file : "prompt " + seed + " " + prompt;
    }
}
