package dev.stanstudio.sd3.text;

import org.jspecify.annotations.Nullable;

/**
 * The texts for the three encoders. CLIP-L reads the first, CLIP-G the second, T5 the third; a
 * missing second or third is the first (diffusers encode_prompt).
 *
 * @param first text for CLIP-L
 * @param second text for CLIP-G, or null
 * @param third text for T5, or null
 */
public record Prompt(String first, @Nullable String second, @Nullable String third) {
    /** One text for all encoders. */
    public static Prompt of(String text) {
        return new Prompt(text, null, null);
    }

    /** Returns the text for CLIP-G. */
    public String forClipG() {
        return second == null ? first : second;
    }

    /** Returns the text for T5. */
    public String forT5() {
        return third == null ? first : third;
    }
}
