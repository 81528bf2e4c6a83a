package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a picture before it is looked at: a line of a {@code manifest.jsonl}.
 *
 * @param file path below the manifest's folder, parted by {@code /}, or the name inside a tar
 * @param sha256 what the file's hash should be; null where nobody said
 * @param method which method made it, such as none, lora or stan
 * @param style the style it should be in, in canonical form; null for none known
 * @param content what it should show, without the style
 * @param prompt the text it was made from
 * @param seed the seed it was made from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListedPicture(
        String file,
        @Nullable String sha256,
        String method,
        @Nullable String style,
        @Nullable String content,
        @Nullable String prompt,
        @Nullable Long seed) {
    /**
     * What the bootstrap draws: a prompt with a seed; the file where either is unknown. The same
     * for every method.
     */
    public String unit() {
        return prompt == null || seed == null ? "file " + file : "prompt " + seed + " " + prompt;
    }
}
