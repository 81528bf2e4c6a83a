package dev.stanstudio.web.matrix;

import java.util.List;

/**
 * Multiplies prompts in styles with methods and seeds. Grids read from YAML, the page's form, its
 * JSON interface and experiments all ask for pictures as such a matrix.
 *
 * @param rows contents and styles
 * @param columns methods
 * @param seeds of the noise of each row and column
 */
public record PictureMatrix(List<MatrixRow> rows, List<Method> columns, List<Long> seeds) {
    /** Keeps copies of the lists. */
    public PictureMatrix {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        seeds = List.copyOf(seeds);
    }

    /** Returns the number of pictures. */
    public long count() {
        return Math.multiplyExact(
                Math.multiplyExact((long) rows.size(), columns.size()), (long) seeds.size());
    }

    /** Returns the picture of a row by a method from a seed. */
    public MatrixCell cell(int row, Method column, long seed) {
        return new MatrixCell(row, rows.get(row), column, seed);
    }
}
