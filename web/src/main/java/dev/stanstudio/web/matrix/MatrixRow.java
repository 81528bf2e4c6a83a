package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.PromptTexts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names the content and the style of some pictures, and the prompt that asks for both.
 *
 * @param style words of the style; null for none
 * @param content words of the content, without the style
 * @param prompt text that the model reads
 */
public record MatrixRow(@Nullable String style, String content, String prompt) {
    /** Returns the row whose prompt names the style as training captions do; empty for none. */
    public static MatrixRow of(String style, String content) {
        return style.isEmpty()
                ? new MatrixRow(null, content, content)
                : new MatrixRow(style, content, PromptTexts.inStyle(content, style));
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
