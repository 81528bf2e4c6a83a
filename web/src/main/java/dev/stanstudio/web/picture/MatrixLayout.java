package dev.stanstudio.web.picture;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisChoice;
import dev.stanstudio.web.matrix.CellNames;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays the pictures of a request out as a table, row by row; the place of a picture is its index
 * there. Columns are the methods, with each value of the first axis; styles where there is one
 * method and no axis. Rows are the prompts, seeds, styles and values of the other axes.
 */
public record MatrixLayout(List<Row> rows, List<Column> columns) {
    /**
     * Describes a row.
     *
     * @param style null where columns are styles
     */
    public record Row(String prompt, @Nullable String style, long seed, List<AxisChoice> choices) {
        /** Returns the values of axes that all its pictures share; empty for none. */
        public String words() {
            return said(choices);
        }
    }

    /**
     * Describes a column.
     *
     * @param style null where rows have them
     */
    public record Column(
            String label, @Nullable String style, Method method, List<AxisChoice> choices) {}

    static MatrixLayout of(MatrixRequest request) {
        boolean byStyle = request.methods().size() == 1 && request.axes().isEmpty();
        return new MatrixLayout(rows(request, byStyle), columns(request, byStyle));
    }

    private static List<Row> rows(MatrixRequest request, boolean byStyle) {
        List<Axis> axes = request.axes();
        List<List<AxisChoice>> others =
                Axis.product(axes.isEmpty() ? axes : axes.subList(1, axes.size()));
        List<Row> rows = new ArrayList<>();
        for (String prompt : request.prompts()) {
            for (long seed : request.seeds()) {
                if (byStyle) {
                    rows.add(new Row(prompt, null, seed, List.of()));
                    continue;
                }
                for (String style : request.styles()) {
                    others.forEach(at -> rows.add(new Row(prompt, style, seed, at)));
                }
            }
        }
        return List.copyOf(rows);
    }

    private static List<Column> columns(MatrixRequest request, boolean byStyle) {
        List<Column> columns = new ArrayList<>();
        boolean alone = request.methods().size() == 1;
        for (Method method : request.methods()) {
            if (byStyle) {
                request.styles()
                        .forEach(
                                style ->
                                        columns.add(
                                                new Column(
                                                        CellNames.style(style),
                                                        style,
                                                        method,
                                                        List.of())));
                continue;
            }
            String name = MethodNames.shown(method.name());
            for (List<AxisChoice> at : Axis.product(request.axes().stream().limit(1).toList())) {
                if (AxisChoice.applies(at, method)) {
                    String value = said(AxisChoice.varying(at, method));
                    String label = value.isEmpty() ? name : alone ? value : name + " · " + value;
                    columns.add(new Column(label, null, method, at));
                }
            }
        }
        return List.copyOf(columns);
    }

    private static String said(List<AxisChoice> choices) {
        return choices.stream().map(AxisChoice::words).collect(Collectors.joining(" · "));
    }

    /** Returns the number of places. */
    public int places() {
        return Math.multiplyExact(rows.size(), columns.size());
    }

    /**
     * Returns the cell of each place; a null where a method has no picture of its own.
     *
     * @param choices of the prompts; null for prompts as they are
     */
    List<@Nullable MatrixCell> cells(@Nullable PromptChoices choices) {
        List<@Nullable MatrixCell> cells = new ArrayList<>();
        for (Row row : rows) {
            for (Column column : columns) {
                List<AxisChoice> at = new ArrayList<>(column.choices());
                at.addAll(row.choices());
                cells.add(
                        AxisChoice.applies(at, column.method())
                                ? cell(row, column, at, choices)
                                : null);
            }
        }
        return cells;
    }

    private static MatrixCell cell(
            Row row, Column column, List<AxisChoice> at, @Nullable PromptChoices choices) {
        String style = row.style() == null ? column.style() : row.style();
        MatrixRow pair = MatrixRow.of(style == null ? "" : style, row.prompt());
        MatrixRow made = choices == null ? pair : pair.chosen(choices, row.seed());
        return new MatrixCell(0, made, column.method(), row.seed(), at);
    }
}
