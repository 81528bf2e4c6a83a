package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.text.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * A prompt, with its own texts for CLIP-G and T5 where they differ.
 *
 * @param text for all encoders, or CLIP-L alone
 * @param second for CLIP-G, or null
 * @param third for T5, or null
 * @param template text with the choices of which {@code text} is one, for readers alone; null where
 *     there were none; may be left out in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptTexts(
        String text, @Nullable String second, @Nullable String third, @Nullable String template) {
    /** Far beyond what any encoder reads; more is a mistake. */
    private static final int LONGEST = 50_000;

    /** Refuses texts that can only be a mistake. */
    @JsonCreator
    public PromptTexts {
        Missing.refuse(text, "text of a prompt");
        check(text);
        check(second);
        check(third);
        check(template);
    }

    /** A prompt that was written as it is. */
    public PromptTexts(String text, @Nullable String second, @Nullable String third) {
        this(text, second, third, null);
    }

    private static void check(@Nullable String text) {
        if (text == null) {
            return;
        }
        String unwritable = TextRules.problem(text);
        if (!unwritable.isEmpty()) {
            throw new ArgumentException("a prompt holds " + unwritable);
        }
        if (text.length() > LONGEST) {
            throw new ArgumentException(
                    ("a prompt of %s characters is too long; the encoders read at most 512"
                                    + " tokens, %s characters are accepted")
                            .formatted(text.length(), LONGEST));
        }
    }

    /** {@code text} with the words that ask for a style, as training captions have them. */
    public static String inStyle(String text, String style) {
        return text + ", in the style of " + style;
    }

    /** One text for all encoders. */
    public static PromptTexts of(String text) {
        return new PromptTexts(text, null, null);
    }

    Prompt toPrompt() {
        return new Prompt(text, second, third);
    }
}
