package dev.stanstudio.web.adapters;

import dev.stanstudio.base.ArgumentException;
import java.util.Locale;

/** The rules for names that people give to adapters. */
final class AdapterName {
    private static final String FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Names that mean something else on pages. */
    private static final String RESERVED = "none|adapter";

    private AdapterName() {}

    /**
     * Returns {@code name}.
     *
     * @throws ArgumentException if no adapter can be called so
     */
    static String require(String name) {
        if (!name.matches(FORM)) {
            throw new ArgumentException(
                    "the name must be 1 … 64 letters, digits, dots, dashes or underscores, and"
                            + " begin with a letter or digit");
        }
        if (name.toLowerCase(Locale.ROOT).matches(RESERVED)) {
            throw new ArgumentException("'%s' cannot be a name; choose another".formatted(name));
        }
        return name;
    }

    /** Returns the refusal of a name that another adapter or training has. */
    static ArgumentException taken(String name) {
        return new ArgumentException(
                "there is an adapter or a training '%s' already; choose another name"
                        .formatted(name));
    }
}
