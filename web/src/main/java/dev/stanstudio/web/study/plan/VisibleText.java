package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;

/** Checks that texts of a new study show something to those who read them. */
public final class VisibleText {
    private VisibleText() {}

    /**
     * Refuses a text of blanks, no-break spaces and marks of direction or of no width.
     *
     * @throws ArgumentException that names the text as {@code what}
     */
    public static void require(String what, String text) {
        if (text.codePoints().noneMatch(VisibleText::isVisible)) {
            throw new ArgumentException(what + " is empty; write some words");
        }
    }

    private static boolean isVisible(int character) {
        return !Character.isSpaceChar(character)
                && !Character.isWhitespace(character)
                && Character.getType(character) != Character.FORMAT;
    }
}
