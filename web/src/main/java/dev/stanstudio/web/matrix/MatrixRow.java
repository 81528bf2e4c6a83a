package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names the content and the style of some pictures, and the prompt that asks for both.
 *
 * @param style words of the style; null for none
 * @param content words of the content, without the style
 * @param prompt text that the model reads
 * @param template prompt before its choices were made; null where it has none
 */
public record MatrixRow(
        @Nullable String style, String content, String prompt, @Nullable String template) {
    /** Names a prompt without choices. */
    public MatrixRow(@Nullable String style, String content, String prompt) {
        this(style, content, prompt, null);
    }

    /** Returns the row whose prompt names the style as training captions do; empty for none. */
    public static MatrixRow of(String style, String content) {
        return style.isEmpty()
                ? new MatrixRow(null, content, content)
                : new MatrixRow(style, content, PromptTexts.inStyle(content, style));
    }

    /** Returns the row whose choices are those of {@code seed}. */
    public MatrixRow chosen(PromptChoices choices, long seed) {
        String made = choices.made(prompt, seed);
        return made.equals(prompt)
                ? this
                : new MatrixRow(style, choices.made(content, seed), made, prompt);
    }

    /** Returns the style's words; empty for none. */
    public String styleOrEmpty() {
        return Objects.requireNonNullElse(style, "");
    }

    /** Returns the words that label the row: its style's, or else its content's. */
    public String label() {
        return Objects.requireNonNullElse(style, content);
    }
}
