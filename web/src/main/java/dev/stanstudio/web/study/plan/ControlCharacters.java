package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;
import java.util.Optional;

/** Finds characters that are no text: control characters other than tabs and ends of lines. */
public final class ControlCharacters {
    private ControlCharacters() {}

    /** The first one, as U+…; empty when there is none. */
    public static Optional<String> first(String text) {
        return text.chars()
                .filter(c -> Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r')
                .mapToObj("U+%04X"::formatted)
                .findFirst();
    }

    /**
     * Refuses a text with one.
     *
     * @throws ArgumentException that names the text as {@code what}
     */
    public static void refuse(String what, String text) {
        first(text)
                .ifPresent(
                        found -> {
                            throw new ArgumentException(
                                    what + " has the control character " + found + "; remove it");
                        });
    }

    /** The text without them. */
    public static String removed(String text) {
        StringBuilder kept = new StringBuilder();
        text.chars()
                .filter(c -> first(String.valueOf((char) c)).isEmpty())
                .forEach(c -> kept.append((char) c));
        return kept.toString();
    }
}
