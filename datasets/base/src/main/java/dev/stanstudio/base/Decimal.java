package dev.stanstudio.base;

import java.util.regex.Pattern;

/**
 * Numbers as people write them: digits, a point, an exponent. Java alone reads {@code 4d} and
 * {@code 0x1p3} as numbers too, so that a slip of the finger would pass as one.
 */
public final class Decimal {
    private static final Pattern FORM =
            Pattern.compile("[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,5})?");

    private Decimal() {}

    /** Returns whether {@code text} is such a number, blanks around it aside. */
    public static boolean isOne(String text) {
        return FORM.matcher(text.strip()).matches();
    }

    /**
     * Reads a number.
     *
     * @throws NumberFormatException if {@code text} is none
     */
    public static double parse(String text) {
        if (!isOne(text)) {
            throw new NumberFormatException("'" + text + "' is not a number");
        }
        return Double.parseDouble(text.strip());
    }
}
