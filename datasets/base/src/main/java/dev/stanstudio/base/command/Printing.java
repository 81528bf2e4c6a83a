package dev.stanstudio.base.command;

import dev.stanstudio.base.Json;

/** Prints results of commands: JSON and text without control characters. */
public final class Printing {
    private Printing() {}

    /** {@code record} as indented JSON with keys in snake case. */
    public static String json(Object record) {
        return Json.pretty(Json.SNAKE_CASE, record);
    }

    /** Names come from untrusted archives and must not control the terminal. */
    public static String printable(String text) {
        return TerminalText.escaped(text.replaceAll("\\p{Cntrl}", " "));
    }
}
