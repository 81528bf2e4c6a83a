package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;
import org.jspecify.annotations.Nullable;

/** Checks of settings whose refusals name the setting. */
final class Setting {
    private Setting() {}

    static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ArgumentException(
                    name + " " + value + " is not between " + least + " and " + most);
        }
    }

    static void text(String name, String value, int most) {
        if (value.isBlank()) {
            throw new ArgumentException(name + " is empty; write some words");
        }
        if (value.length() > most) {
            throw new ArgumentException(
                    name + " has " + value.length() + " characters; at most " + most + " fit");
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
