package dev.stanstudio.web.server;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The texts of one bundle in one language. {@code {0}}, {@code {1}}… stand for values. Immutable.
 */
public final class Texts {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d)}");

    private final Language language;
    private final Map<String, String> texts;

    Texts(Language language, Map<String, String> texts) {
        this.language = language;
        this.texts = Map.copyOf(texts);
    }

    /** Returns the language of the texts. */
    public Language language() {
        return language;
    }

    /**
     * Returns a text with its values.
     *
     * @throws IllegalArgumentException if there is no such text, or too few values
     */
    public String of(String key, Object... values) {
        Matcher matcher = PLACEHOLDER.matcher(raw(key));
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            int at = Integer.parseInt(matcher.group(1));
            if (at >= values.length) {
                throw new IllegalArgumentException("the text %s needs value %d".formatted(key, at));
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(String.valueOf(values[at])));
        }
        return matcher.appendTail(text).toString();
    }

    /**
     * Returns the form of a text that fits a number, which is its value 0.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public String counted(String key, long number) {
        return of(language.form(number).of(key), number);
    }

    /** Returns sentences as one paragraph; empty ones are left out. */
    public String paragraph(String... sentences) {
        return Arrays.stream(sentences)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining(language.gap()));
    }

    /** Returns the text without values that has this key, if there is one. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(texts.get(key));
    }

    /** Returns the keys, each form of a text about a number for itself. */
    Set<String> keys() {
        return new TreeSet<>(texts.keySet());
    }

    String raw(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException(
                    "there is no text %s in %s".formatted(key, language.tag()));
        }
        return text;
    }
}
