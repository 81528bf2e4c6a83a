package dev.stanstudio.web.generate;

import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.matrix.CellNames;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.View;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lays a matrix out as a table. Columns are methods; with one method they are styles, so that rows
 * do not hold a single picture.
 *
 * @param columns names above the columns, with the hashes of their adapters
 * @param start the picture that all started from; null for noise, or where it is gone
 */
public record MatrixView(
        Matrix matrix, List<Column> columns, List<Row> rows, @Nullable StartView start)
        implements View {
    /**
     * Holds what stands above a column.
     *
     * @param hashes of the adapters of its method, shortened
     */
    public record Column(String name, List<String> hashes) {
        static Column of(Method method) {
            return new Column(
                    method.name(),
                    method.adapters().stream()
                            .flatMap(use -> Stream.ofNullable(use.sha256()))
                            .map(AdapterNames::shortHash)
                            .toList());
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
     * @param cells a null for a picture whose row in the database is gone
     */
    public record Row(
            String prompt,
            boolean first,
            String style,
            long seed,
            List<@Nullable StoredPicture> cells) {}

    /** Returns the methods that no column names. */
    public List<Column> unnamed() {
        List<Method> methods = matrix.request().methods();
        return methods.size() == 1 && !methods.get(0).adapters().isEmpty()
                ? List.of(Column.of(methods.get(0)))
                : List.of();
    }

    static MatrixView of(Matrix matrix, List<StoredPicture> pictures, @Nullable StartView start) {
        MatrixRequest request = matrix.request();
        boolean byStyle = request.methods().size() == 1;
        List<Column> columns =
                byStyle
                        ? request.styles().stream()
                                .map(style -> new Column(CellNames.style(style), List.of()))
                                .toList()
                        : request.methods().stream().map(Column::of).toList();
        List<String> styles = byStyle ? List.of("") : request.styles();
        int count = Math.toIntExact(request.matrix().count());
        @Nullable StoredPicture[] placed = new StoredPicture[count];
        pictures.forEach(picture -> placed[picture.place()] = picture);
        List<Row> rows = new ArrayList<>();
        int place = 0;
        for (String prompt : request.prompts()) {
            boolean first = true;
            for (long seed : request.seeds()) {
                for (String style : styles) {
                    List<@Nullable StoredPicture> cells = new ArrayList<>();
                    for (int column = 0; column < columns.size(); column++) {
                        cells.add(placed[place++]);
                    }
                    rows.add(new Row(prompt, first, style, seed, cells));
                    first = false;
                }
            }
        }
        return new MatrixView(matrix, columns, rows, start);
    }
}
