package dev.stanstudio.web.server;

import java.util.Locale;

/** Forms of a text that depend on a number, as CLDR names them; the last part of the text's key. */
public enum Plural {
    /** The singular. */
    ONE,
    /** All other numbers. */
    OTHER;

    /** Returns the key of this form of the text {@code key}. */
    String of(String key) {
        return key + "." + name().toLowerCase(Locale.ROOT);
    }
}
