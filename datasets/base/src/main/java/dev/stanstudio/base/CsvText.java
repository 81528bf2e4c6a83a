package dev.stanstudio.base;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts in CSV files that spreadsheets open. A cell that begins with = + - @, one of these in full
 * width, a tab or a line's end would be run as a formula; it is written with an apostrophe before
 * it, as are texts that begin with apostrophes and then such a character, so that {@link #original}
 * gives every text back. Numbers stay as they are.
 */
public final class CsvText {
    private static final Pattern FORMULA =
            Pattern.compile("'*[=+\\-@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20].*", Pattern.DOTALL);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private CsvText() {}

    /** {@code cell} as it belongs into a file; only texts change. */
    public static @Nullable Object cell(@Nullable Object cell) {
        return cell instanceof CharSequence text ? text(text.toString()) : cell;
    }

    /** The cells of a row as they belong into a file. */
    public static List<@Nullable Object> row(Iterable<? extends @Nullable Object> cells) {
        List<@Nullable Object> row = new ArrayList<>();
        cells.forEach(cell -> row.add(cell(cell)));
        return row;
    }

    /** {@code text} as it belongs into a file. */
    public static String text(String text) {
        boolean risky = FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
        return risky ? "'" + text : text;
    }

    /** The text that {@link #text} wrote as {@code cell}. */
    public static String original(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
    }
}
