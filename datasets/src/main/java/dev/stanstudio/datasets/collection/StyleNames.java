package dev.stanstudio.datasets.collection;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;

/** One spelling per style, whatever separator and case a data set uses. */
public final class StyleNames {
    /** Spellings that no rule brings together. WikiArt's folder and its class list differ. */
    private static final Map<String, String> SAME = Map.of("art nouveau modern", "art nouveau");

    private StyleNames() {}

    /**
     * Canonical form: lower case, words separated by single blanks ({@code Post_Impressionism} and
     * {@code post-impressionism} are both {@code post impressionism}). Empty for a blank name.
     */
    public static String canonical(String name) {
        String words =
                Normalizer.normalize(name, Normalizer.Form.NFC)
                        .replaceAll("[_\\-\\s\\p{Cntrl}]+", " ")
                        .strip()
                        .toLowerCase(Locale.ROOT);
        return SAME.getOrDefault(words, words);
    }
}
