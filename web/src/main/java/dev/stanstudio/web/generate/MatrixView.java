package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.Method;
import dev.stanstudio.web.picture.StoredPicture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as a table. Columns are methods; with one method they are styles, so that rows do not
 * hold a single picture.
 *
 * @param columns what stands above the columns
 */
public record MatrixView(Matrix matrix, List<String> columns, List<Row> rows) {
    /**
     * A row.
     *
     * @param first whether it is the first of its prompt
     * @param style empty where columns are styles, or where there is one style
     * @param cells a null for a picture that is gone for good
     */
    public record Row(
            String prompt,
            boolean first,
            String style,
            long seed,
            List<@Nullable StoredPicture> cells) {}

    static MatrixView of(Matrix matrix, List<StoredPicture> pictures) {
        MatrixRequest order = matrix.order();
        int methods = order.methods().size();
        int styles = order.styles().size();
        boolean byStyle = methods == 1;
        List<String> columns =
                byStyle
                        ? order.styles().stream().map(MatrixView::styleName).toList()
                        : order.methods().stream().map(Method::name).toList();
        @Nullable StoredPicture[] placed =
                new StoredPicture[order.prompts().size() * order.seeds().size() * styles * methods];
        pictures.forEach(picture -> placed[picture.place()] = picture);
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < placed.length; at += columns.size()) {
            int line = byStyle ? at : at / methods;
            int seed = (byStyle ? at / styles : line / styles) % order.seeds().size();
            int prompt = at / (order.seeds().size() * styles * methods);
            List<@Nullable StoredPicture> cells = new ArrayList<>();
            for (int i = at; i < at + columns.size(); i++) {
                cells.add(placed[i]);
            }
            rows.add(
                    new Row(
                            order.prompts().get(prompt),
                            at % (order.seeds().size() * styles * methods) == 0,
                            byStyle ? "" : order.styles().get(line % styles),
                            order.seeds().get(seed),
                            cells));
        }
        return new MatrixView(matrix, columns, rows);
    }

    /** What people call a style, the empty one too. */
    public static String styleName(String style) {
        return style.isEmpty() ? "plain" : style;
    }

    /** Whether every cell of a column would say the same. */
    public boolean plainColumn() {
        return columns.size() == 1;
    }
}
