package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.Wildcards;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make choices in prompts, others for each seed. */
final class ChoiceOptions {
    @Option(
            names = "--choices",
            description =
                    "Make the choices of the prompt, others for each seed: {a|b}, and __NAME__ with"
                            + " --wildcards.")
    boolean choices;

    @Option(
            names = "--wildcards",
            paramLabel = "DIR",
            description = "Folder of files NAME.txt with a choice per line.")
    @Nullable Path wildcards;

    /** Refuses options that do not go together. */
    void check(boolean hasLatents) {
        if (wildcards != null && !choices) {
            throw new ArgumentException("--wildcards needs --choices");
        }
        if (choices && hasLatents) {
            throw new ArgumentException("--choices and --latents do not go together");
        }
    }

    /**
     * Returns {@code wanted}, or a request for each of its pictures if choices are to be made. A
     * picture that was made by choices has others made of the same template.
     *
     * @throws ArgumentException if a wildcard is unknown, empty or within itself
     */
    List<GenerationRequest> parts(GenerationRequest wanted) {
        if (!choices) {
            return List.of(wanted);
        }
        PromptChoices making =
                wildcards == null
                        ? PromptChoices.withoutWildcards()
                        : new PromptChoices(new Wildcards(wildcards)::lines);
        List<GenerationRequest> parts = new ArrayList<>();
        for (long seed : wanted.seeds()) {
            parts.add(
                    wanted.toBuilder()
                            .seeds(List.of(seed))
                            .prompt(made(wanted.prompt(), making, seed))
                            .build());
        }
        return parts;
    }

    private static PromptTexts made(PromptTexts texts, PromptChoices making, long seed) {
        String template = Objects.requireNonNullElse(texts.template(), texts.text());
        String text = making.made(template, seed);
        return new PromptTexts(
                text,
                made(texts.second(), making, seed),
                made(texts.third(), making, seed),
                text.equals(template) ? null : template);
    }

    private static @Nullable String made(
            @Nullable String template, PromptChoices making, long seed) {
        return template == null ? null : making.made(template, seed);
    }
}
