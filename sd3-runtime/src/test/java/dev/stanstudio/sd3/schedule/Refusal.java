package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import org.junit.jupiter.api.function.Executable;

/** Checks that bad input is refused in one line that says what is wrong. */
final class Refusal {
    private Refusal() {}

    static void says(String wanted, Executable action) {
        String message = String.valueOf(assertThrows(UserException.class, action).getMessage());
        assertTrue(message.contains(wanted), message);
        assertFalse(message.contains("\n"), message);
    }
}
