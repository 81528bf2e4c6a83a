package dev.stanstudio.web.grid;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.matrix.MatrixRow;
import org.jspecify.annotations.Nullable;

/**
 * Describes a row of a grid as its YAML file does.
 *
 * @param style words of the style for the prompt; null or plain for none
 * @param content words of the content, without the style
 */
record GridPair(@Nullable String style, String content) {
    private static final String PLAIN = "plain";

    GridPair(
            @JsonProperty("style") @Nullable String style,
            @JsonProperty("content") @Nullable String content) {
        if (content == null || content.isBlank()) {
            throw new UserException("a pair needs a content, such as \"a castle on a hill\"");
        }
        this.style = style == null || style.isBlank() ? null : style.strip();
        this.content = content.strip();
    }

    /** Returns the row whose prompt follows {@code template}; the content alone without style. */
    MatrixRow row(String template) {
        String prompt =
                style == null || style.equals(PLAIN)
                        ? content
                        : template.replace("{content}", content).replace("{style}", style);
        return new MatrixRow(style, content, prompt);
    }
}
