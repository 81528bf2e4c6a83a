package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;

/** Checks numbers that a step computes with in 32 bits. */
public final class SingleNumber {
    private SingleNumber() {}

    /**
     * Refuses a number that 32 bits cannot hold: one that would be infinite, or 0 without being 0.
     *
     * @param name of the number, as users know it
     * @throws ArgumentException that names it
     */
    public static void require(String name, double number) {
        boolean vanishes = number != 0 && (float) number == 0;
        if (vanishes || Float.isInfinite((float) number)) {
            throw new ArgumentException(
                    "%s is %s, too %s a number for 32 bits (%s … %s)"
                            .formatted(
                                    name,
                                    number,
                                    vanishes ? "small" : "large",
                                    Float.MIN_VALUE,
                                    Float.MAX_VALUE));
        }
    }
}
