package dev.stanstudio.web.generate;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.matrix.AxisChoice;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixLayout;
import dev.stanstudio.web.picture.MethodAdapters;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays a matrix out as a table. Columns are methods; with one method they are styles, so that rows
 * do not hold a single picture.
 *
 * @param columns names above the columns, with the hashes of their adapters
 * @param start the picture that all started from; null for noise, or where it is gone
 * @param controls the control pictures that are here
 * @param ipAdapter the IP-Adapter with its pictures that are here
 */
public record MatrixView(
        Matrix matrix,
        List<Column> columns,
        List<Row> rows,
        @Nullable StartView start,
        List<ControlView> controls,
        IpAdapterView ipAdapter)
        implements View {
    /**
     * Holds what stands above a column.
     *
     * @param hashes of the adapters of its method, shortened
     */
    public record Column(String name, List<String> hashes) {
        static Column of(MatrixLayout.Column column, boolean alone) {
            Method method = column.method();
            Optional<AxisChoice> state =
                    column.choices().stream()
                            .filter(choice -> choice.kind() == AxisKind.CHECKPOINT)
                            .findFirst();
            return new Column(
                    column.label(),
                    state.isPresent() && !method.checkpoints().isEmpty()
                            ? MethodAdapters.hashes(method.at(state.get().value()))
                            : alone ? List.of() : ofFixed(method));
        }

        static Column of(Method method) {
            return new Column(MethodNames.shown(method.name()), ofFixed(method));
        }

        /** Returns no hash where saved states of an adapter vary. */
        private static List<String> ofFixed(Method method) {
            return method.checkpoints().isEmpty() ? MethodAdapters.hashes(method) : List.of();
        }
    }

    @Override
    public String template() {
        return "generate/matrix.jte";
    }

    /**
     * Holds a row of the table.
     *
     * @param first whether it is the first of its prompt
     * @param style empty where columns are styles, or where there is one style
     * @param values of axes that all its pictures share; empty for none
     * @param cells a null where there is no picture, or its row in the database is gone
     */
    public record Row(
            String prompt,
            boolean first,
            String style,
            long seed,
            String values,
            List<@Nullable StoredPicture> cells) {}

    /** Returns the methods that no column names. */
    public List<Column> unnamed() {
        List<Method> methods = matrix.request().methods();
        return methods.size() == 1 ? List.of(Column.of(methods.get(0))) : List.of();
    }

    /** Returns whether a picture of it is drawn. */
    public boolean isDrawn() {
        return rows.stream()
                .flatMap(row -> row.cells().stream())
                .anyMatch(cell -> cell != null && cell.state().isDone() && !cell.deleted());
    }

    /** Returns whether it has pictures of several methods, which a study could compare. */
    public boolean isComparison() {
        return matrix.request().methods().size() > 1;
    }

    static MatrixView of(
            Matrix matrix,
            List<StoredPicture> pictures,
            @Nullable StartView start,
            List<ControlView> controls,
            IpAdapterView ipAdapter) {
        MatrixLayout layout = matrix.request().layout();
        @Nullable StoredPicture[] placed = new StoredPicture[layout.places()];
        pictures.forEach(picture -> placed[picture.place()] = picture);
        int width = layout.columns().size();
        List<Row> rows = new ArrayList<>();
        String before = "";
        for (int i = 0; i < layout.rows().size(); i++) {
            MatrixLayout.Row row = layout.rows().get(i);
            List<@Nullable StoredPicture> cells =
                    Arrays.asList(placed).subList(i * width, (i + 1) * width);
            rows.add(row(row, !row.prompt().equals(before), cells));
            before = row.prompt();
        }
        boolean alone = matrix.request().methods().size() == 1;
        List<Column> columns =
                layout.columns().stream().map(column -> Column.of(column, alone)).toList();
        return new MatrixView(matrix, columns, rows, start, controls, ipAdapter);
    }

    /** Returns a row with its prompt as its pictures have it, whose choices are made. */
    private static Row row(
            MatrixLayout.Row row, boolean first, List<@Nullable StoredPicture> cells) {
        String prompt =
                cells.stream()
                        .filter(Objects::nonNull)
                        .map(picture -> picture.subject().prompt())
                        .findFirst()
                        .orElse(row.prompt());
        String style = Objects.requireNonNullElse(row.style(), "");
        return new Row(prompt, first, style, row.seed(), row.words(), cells);
    }

    /** Returns what makes the pictures larger, in words; empty for nothing. */
    public String enlarged() {
        return EnlargementFields.words(matrix.request().enlarging());
    }

    /** Returns whether all pictures have the same of a setting. */
    public boolean fixed(AxisKind kind) {
        return matrix.request().axes().stream().noneMatch(axis -> axis.kind() == kind);
    }
}
