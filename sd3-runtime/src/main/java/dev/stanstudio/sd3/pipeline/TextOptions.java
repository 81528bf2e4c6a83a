package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of reading prompts.
 *
 * @param clipSkip layers left out before CLIP's last but one; for the positive prompt only
 * @param useT5 whether T5 reads, where the model has it
 * @param maxSequenceLength tokens that T5 reads, or that stand for it
 * @param syntax what brackets in the prompts mean; null for plain text, also in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TextOptions(
        int clipSkip, boolean useT5, int maxSequenceLength, @Nullable TextSyntax syntax) {
    /** Keeps one form of plain text. */
    @JsonCreator
    public TextOptions {
        syntax = syntax == TextSyntax.PLAIN ? null : syntax;
    }

    /** Options for plain text. */
    public TextOptions(int clipSkip, boolean useT5, int maxSequenceLength) {
        this(clipSkip, useT5, maxSequenceLength, null);
    }

    /** Returns the same options with another syntax; null is plain text. */
    public TextOptions in(@Nullable TextSyntax other) {
        return new TextOptions(clipSkip, useT5, maxSequenceLength, other);
    }

    /** Returns what brackets in the prompts mean. */
    public TextSyntax reading() {
        return Objects.requireNonNullElse(syntax, TextSyntax.PLAIN);
    }

    /** Returns the options of the encoders. */
    PromptEncoder.Reading encoding(int skip) {
        return new PromptEncoder.Reading(skip, maxSequenceLength, useT5).in(reading());
    }

    /**
     * Returns the words of a prompt's texts that have weights, as {@code red × 1.3}, each once.
     *
     * @throws dev.stanstudio.base.ArgumentException if the weights cannot be read
     */
    public List<String> weighted(PromptTexts texts) {
        Prompt prompt = texts.toPrompt();
        List<String> weighted = new ArrayList<>();
        for (String text : List.of(prompt.first(), prompt.forClipG(), prompt.forT5())) {
            reading().read(text).weighted().stream()
                    .filter(words -> !weighted.contains(words))
                    .forEach(weighted::add);
        }
        return weighted;
    }
}
