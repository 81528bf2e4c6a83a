package dev.stanstudio.web.grid;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stanstudio.base.UserException;
import org.jspecify.annotations.Nullable;

/**
 * What a row of a grid shows.
 *
 * @param style in the words of the prompt; null or plain for none
 * @param content what is shown, without the style
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

    /** The prompt by {@code template}, or the content alone where there is no style to name. */
    String prompt(String template) {
        return style == null || style.equals(PLAIN)
                ? content
                : template.replace("{content}", content).replace("{style}", style);
    }
}
