package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;
import org.jspecify.annotations.Nullable;

/** Checks settings; each refusal names the setting. */
final class Setting {
    private Setting() {}

    static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ArgumentException(
                    "%s %d is not between %d and %d".formatted(name, value, least, most));
        }
    }

    static void text(String name, String value, int most) {
        if (value.isBlank()) {
            throw new ArgumentException(name + " is empty; write some words");
        }
        atMost(name, value, most);
    }

    static void atMost(String name, String value, int most) {
        if (value.length() > most) {
            throw new ArgumentException(
                    "%s has %d characters; at most %d fit".formatted(name, value.length(), most));
        }
    }

    /**
     * Refuses a part of a plan that is not there.
     *
     * @throws ArgumentException that names it
     */
    static void present(String what, @Nullable Object value) {
        if (value == null) {
            throw new ArgumentException("a plan needs " + what);
        }
    }
}
