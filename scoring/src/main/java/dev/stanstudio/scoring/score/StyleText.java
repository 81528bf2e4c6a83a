package dev.stanstudio.scoring.score;

import dev.stanstudio.base.StyleNames;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the text that names a style and nothing else, as the STAN paper's CLIP-Score compares
 * pictures with the textual style prompt.
 */
final class StyleText {
    private static final String FORM = "in the style of %s";

    private StyleText() {}

    /** Returns the text, the style spelt as {@code prompt} spells it where it names it. */
    static String of(String style, String prompt) {
        String words =
                Arrays.stream(StyleNames.canonical(style).split(" "))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[\\s_-]+"));
        Matcher named =
                Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(prompt);
        return FORM.formatted(named.find() ? named.group() : StyleNames.shown(style));
    }
}
