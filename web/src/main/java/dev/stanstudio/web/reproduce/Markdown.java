package dev.stanstudio.web.reproduce;

import java.util.Collections;
import java.util.List;

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

    private static String row(List<String> cells) {
        return "| "
                + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
                + " |\n";
    }
}
