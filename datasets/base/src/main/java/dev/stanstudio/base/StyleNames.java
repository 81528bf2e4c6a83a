package dev.stanstudio.base;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares and spells the names of styles: collections name them after folders, as {@code ukiyo e}
 * or {@code Ukiyo_e}, prompts as {@code ukiyo-e}, and all of these are one style.
 */
public final class StyleNames {
    private static final Pattern GAPS = Pattern.compile("[\\s_-]+");

    /** The names that are spelt with a hyphen, by their keys. */
    private static final Map<String, String> HYPHENATED =
            List.of("ukiyo-e", "post-impressionism", "neo-impressionism", "neo-expressionism")
                    .stream()
                    .collect(Collectors.toMap(StyleNames::key, Function.identity()));

    /** Spellings that no rule brings together: WikiArt's folder and its list of classes differ. */
    private static final Map<String, String> SAME = Map.of("art nouveau modern", "art nouveau");

    private StyleNames() {}

    /**
     * Returns the spelling that collections store: small letters, words separated by single blanks
     * ({@code Post_Impressionism} and {@code post-impressionism} are both {@code post
     * impressionism}); empty for a blank name.
     */
    public static String canonical(String name) {
        String words =
                Normalizer.normalize(name, Normalizer.Form.NFC)
                        .replaceAll("[_\\-\\s\\p{Cntrl}]+", " ")
                        .strip()
                        .toLowerCase(Locale.ROOT);
        return SAME.getOrDefault(words, words);
    }

    /** Returns the text that all spellings of a style share: small letters, hyphens for gaps. */
    public static String key(String name) {
        return GAPS.matcher(name.strip()).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    /** Returns the name as people read it; a name that this class does not know stays as it is. */
    public static String shown(String name) {
        return HYPHENATED.getOrDefault(key(name), name);
    }
}
