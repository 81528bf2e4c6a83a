package dev.stanstudio.base.source;

import java.lang.Character.UnicodeScript;
import java.nio.charset.Charset;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether a text that was decoded by a guessed encoding is plausible. Detectors take a few
 * East Asian characters for letters and signs of Western encodings; no words are written like that.
 */
final class Plausible {
    /** Letters of Western Europe that stand for no frequent letter of its eastern neighbours. */
    private static final String WESTERN = "àâäçéêëèîïôöùûüßœñóíáúæ";

    private static final String MARKS = "«»¡¿°·§©®£€™…–—‘’“”„№\u00A0";
    private static final String RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў";
    private static final Pattern VOWEL = Pattern.compile("[аеёиоуыэюяіїє]");
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private static final Set<UnicodeScript> ANYWHERE =
            EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.LATIN);

    private static final Set<UnicodeScript> JAPANESE =
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);

    private static final Set<UnicodeScript> KOREAN =
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL);

    private Plausible() {}

    /** Returns whether {@code text}, decoded by {@code charset}, is plausible. */
    static boolean is(String text, Charset charset) {
        if (text.codePoints().anyMatch(Plausible::isNoText)) {
            return false;
        }
        return switch (charset.name()) {
            case "windows-1252" -> isWestern(text);
            case "windows-1251", "KOI8-R" -> isCyrillic(text);
            // Chinese and Korean bytes are half-width signs of Japanese.
            case "windows-31j" -> text.chars().noneMatch(Plausible::isHalfWidth);
            default -> isOneScript(text);
        };
    }

    private static boolean isNoText(int one) {
        int type = Character.getType(one);
        return type == Character.PRIVATE_USE
                || type == Character.UNASSIGNED
                || (type == Character.CONTROL && one != '\n' && one != '\r' && one != '\t');
    }

    private static boolean isHalfWidth(int one) {
        return one >= '\uFF61' && one <= '\uFF9F';
    }

    private static boolean isWestern(String text) {
        if (!hasOnly(text, WESTERN)) {
            return false;
        }
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            long foreign = word.group().chars().filter(one -> one > '~').count();
            if (2 * foreign > Math.max(2, word.group().length())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCyrillic(String text) {
        if (!hasOnly(text, RUSSIAN)) {
            return false;
        }
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            String one = word.group();
            boolean foreign = one.chars().anyMatch(letter -> letter > '~');
            if (foreign && !isRussian(one)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRussian(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String rest = word.substring(1);
        return lower.chars().allMatch(letter -> RUSSIAN.indexOf(letter) >= 0)
                && (word.length() == 1 || VOWEL.matcher(lower).find())
                && (rest.equals(lower.substring(1)) || word.equals(word.toUpperCase(Locale.ROOT)));
    }

    /**
     * Returns whether all beyond ASCII is one of {@code letters} or a mark that stands between no
     * two.
     */
    private static boolean hasOnly(String text, String letters) {
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            boolean letter = one <= '~' || letters.indexOf(Character.toLowerCase(one)) >= 0;
            if (!letter && (MARKS.indexOf(one) < 0 || isInside(text, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInside(String text, int at) {
        return text.charAt(at) != '’'
                && at > 0
                && at + 1 < text.length()
                && Character.isLetter(text.charAt(at - 1))
                && Character.isLetter(text.charAt(at + 1));
    }

    private static boolean isOneScript(String text) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        text.codePoints().forEach(one -> scripts.add(UnicodeScript.of(one)));
        scripts.removeAll(ANYWHERE);
        return scripts.size() <= 1 || JAPANESE.containsAll(scripts) || KOREAN.containsAll(scripts);
    }
}
