package dev.stanstudio.web.server;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;
import java.util.Set;

/** Languages of pages, with their BCP 47 tags and own names; all are written from left to right. */
public enum Language {
    /** The language of the program, in which every text exists. */
    ENGLISH("en", "English", 1, 1, " "),
    /** German. */
    GERMAN("de", "Deutsch", 1, 1, " "),
    /** French, in which nought is singular. */
    FRENCH("fr", "Français", 0, 1, " "),
    /** Spanish. */
    SPANISH("es", "Español", 1, 1, " "),
    /** Portuguese, in which nought is singular. */
    PORTUGUESE("pt", "Português", 0, 1, " "),
    /** Japanese, which has no plural. */
    JAPANESE("ja", "日本語", 1, 0, ""),
    /** Chinese in simplified characters, which has no plural. */
    CHINESE("zh-Hans", "简体中文", 1, 0, "");

    private static final int MAX_HEADER = 500;

    private final String tag;
    private final String ownName;
    private final int leastSingular;
    private final int mostSingular;
    private final String gap;

    Language(String tag, String ownName, int leastSingular, int mostSingular, String gap) {
        this.tag = tag;
        this.ownName = ownName;
        this.leastSingular = leastSingular;
        this.mostSingular = mostSingular;
        this.gap = gap;
    }

    /** Returns the value of HTML's {@code lang}. */
    public String tag() {
        return tag;
    }

    /** Returns the language's name for itself. */
    public String ownName() {
        return ownName;
    }

    /** Returns the characters between two sentences. */
    String gap() {
        return gap;
    }

    /** Returns the forms that a text about a number has. */
    public Set<Plural> forms() {
        return leastSingular > mostSingular
                ? EnumSet.of(Plural.OTHER)
                : EnumSet.allOf(Plural.class);
    }

    Plural form(long number) {
        return number >= leastSingular && number <= mostSingular ? Plural.ONE : Plural.OTHER;
    }

    /** Returns the language with this tag, if there is one. */
    public static Optional<Language> ofTag(String tag) {
        return Arrays.stream(values()).filter(one -> one.tag.equals(tag)).findFirst();
    }

    /**
     * Returns the language that a browser prefers.
     *
     * @param header value of {@code Accept-Language}; English if it is none or names no language
     *     that there is
     */
    public static Language preferred(String header) {
        if (header.isBlank() || header.length() > MAX_HEADER) {
            return ENGLISH;
        }
        try {
            return LanguageRange.parse(header).stream()
                    .filter(range -> range.getWeight() > 0)
                    .flatMap(range -> ofRange(range.getRange()).stream())
                    .findFirst()
                    .orElse(ENGLISH);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return ENGLISH; // Java's parser reads past the end of "-"
        }
    }

    /** Regions and scripts do not matter: de-AT is German. */
    private static Optional<Language> ofRange(String range) {
        String wanted = first(range.toLowerCase(Locale.ROOT));
        return Arrays.stream(values()).filter(one -> first(one.tag).equals(wanted)).findFirst();
    }

    private static String first(String tag) {
        int end = tag.indexOf('-');
        return end < 0 ? tag : tag.substring(0, end);
    }
}
