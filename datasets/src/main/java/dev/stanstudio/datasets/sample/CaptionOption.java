package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --caption-template}, wherever captions are made. */
public final class CaptionOption {
    @Option(
            names = "--caption-template",
            paramLabel = "TEXT",
            description =
                    "Captions from {content}, {style}, {artist}, {genre}, {title} and {caption};"
                            + " what stands in [brackets] is left out where something in it is"
                            + " unknown.")
    private @Nullable String text;

    /** The template, or null for the captions as they are. */
    public @Nullable CaptionTemplate template() {
        try {
            return text == null ? null : new CaptionTemplate(text);
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(String.valueOf(e.getMessage()), e);
        }
    }
}
