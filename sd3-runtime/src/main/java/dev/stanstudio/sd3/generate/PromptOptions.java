package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that give the texts of a request: prompts, negative prompts and a style. */
final class PromptOptions {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "What to paint.")
    @Nullable String prompt;

    @Option(
            names = "--prompt-2",
            paramLabel = "TEXT",
            description = "Another text for CLIP-G (default: --prompt).")
    @Nullable String prompt2;

    @Option(
            names = "--prompt-3",
            paramLabel = "TEXT",
            description = "Another text for T5 (default: --prompt).")
    @Nullable String prompt3;

    @Option(
            names = "--negative-prompt",
            paramLabel = "TEXT",
            description = "What to keep away from.")
    @Nullable String negativePrompt;

    @Option(
            names = "--negative-prompt-2",
            paramLabel = "TEXT",
            description = "Another negative text for CLIP-G.")
    @Nullable String negativePrompt2;

    @Option(
            names = "--negative-prompt-3",
            paramLabel = "TEXT",
            description = "Another negative text for T5.")
    @Nullable String negativePrompt3;

    @Option(
            names = "--style",
            paramLabel = "STYLE",
            description = "Adds ', in the style of STYLE' to the prompts.")
    @Nullable String style;

    /** Returns the prompt, which a request without a base needs. */
    String required() {
        if (prompt == null) {
            throw new ArgumentException("say what to paint with --prompt");
        }
        return prompt;
    }

    /** Returns the prompts: options over {@code base}, each with the style. */
    PromptTexts prompts(PromptTexts base) {
        String text = String.valueOf(styled(Objects.requireNonNullElse(prompt, base.text())));
        return new PromptTexts(
                text,
                styled(prompt2 == null ? base.second() : prompt2),
                styled(prompt3 == null ? base.third() : prompt3),
                prompt == null ? styled(base.template()) : null);
    }

    /** Returns the negative prompts: options over {@code base}. */
    PromptTexts negatives(PromptTexts base) {
        return new PromptTexts(
                Objects.requireNonNullElse(negativePrompt, base.text()),
                negativePrompt2 == null ? base.second() : negativePrompt2,
                negativePrompt3 == null ? base.third() : negativePrompt3);
    }

    private @Nullable String styled(@Nullable String text) {
        return text == null || style == null ? text : PromptTexts.inStyle(text, style);
    }
}
