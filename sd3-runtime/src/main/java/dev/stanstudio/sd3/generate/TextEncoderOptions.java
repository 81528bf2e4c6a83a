package dev.stanstudio.sd3.generate;

import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.sd3.text.TextSyntax;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the text encoders read the prompts. */
final class TextEncoderOptions {
    @Option(
            names = "--clip-skip",
            paramLabel = "N",
            description = "CLIP layers to leave out before the last but one.")
    @Nullable Integer clipSkip;

    @Option(names = "--no-t5", description = "Do without T5.")
    boolean noT5;

    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "T5 tokens, at most 512.")
    @Nullable Integer maxSequenceLength;

    @Option(
            names = "--prompt-syntax",
            paramLabel = "NAME",
            converter = SyntaxName.class,
            description =
                    "What brackets in the prompts mean: plain (text, the default) or weighted,"
                        + " where (word:1.3) and [word] weigh words, BREAK begins a chunk, and CLIP"
                        + " reads long prompts in chunks.")
    @Nullable TextSyntax syntax;

    /** Returns the options over {@code base}. */
    TextOptions over(TextOptions base) {
        return new TextOptions(
                Objects.requireNonNullElse(clipSkip, base.clipSkip()),
                !noT5 && base.useT5(),
                Objects.requireNonNullElse(maxSequenceLength, base.maxSequenceLength()),
                syntax == null ? base.syntax() : syntax);
    }
}
