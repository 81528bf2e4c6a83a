package dev.stanstudio.web.reproduce;

import dev.stanstudio.scoring.metric.Estimate;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes tables in Markdown. */
final class Markdown {
    private Markdown() {}

    /** Returns a table with a blank line after it. */
    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder text = new StringBuilder(row(head));
        text.append(row(Collections.nCopies(head.size(), "---")));
        rows.forEach(cells -> text.append(row(cells)));
        return text.append('\n').toString();
    }

    /** Returns a value with its interval; a dash where there is none. */
    static String estimate(@Nullable Estimate estimate) {
        if (estimate == null) {
            return "–";
        }
        String value = String.format(Locale.ROOT, "%.4f", estimate.value());
        return estimate.low() == null || estimate.high() == null
                ? value
                : String.format(
                        Locale.ROOT, "%s (%.4f … %.4f)", value, estimate.low(), estimate.high());
    }

    private static String row(List<String> cells) {
        return "| "
                + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
                + " |\n";
    }
}
