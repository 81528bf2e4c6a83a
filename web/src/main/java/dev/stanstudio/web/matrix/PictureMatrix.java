package dev.stanstudio.web.matrix;

import java.util.List;

/**
 * Multiplies prompts in styles with methods, seeds and the values of axes. Grids read from YAML,
 * the page's form, its JSON interface and experiments all ask for pictures as such a matrix.
 *
 * @param rows contents and styles
 * @param columns methods
 * @param seeds of the noise of each row and column
 * @param axes other settings that vary
 */
public record PictureMatrix(
        List<MatrixRow> rows, List<Method> columns, List<Long> seeds, List<Axis> axes) {
    /** Keeps copies of the lists. */
    public PictureMatrix {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        seeds = List.copyOf(seeds);
        axes = List.copyOf(axes);
    }

    /** Multiplies without axes. */
    public PictureMatrix(List<MatrixRow> rows, List<Method> columns, List<Long> seeds) {
        this(rows, columns, seeds, List.of());
    }

    /** Returns the number of pictures; one that an axis does not change counts once along it. */
    public long count() {
        return count(rows.size(), columns, seeds.size(), axes);
    }

    /**
     * Returns the number of pictures of a matrix with so many rows and seeds; {@link
     * Long#MAX_VALUE} for what no number holds.
     */
    public static long count(long rows, List<Method> columns, int seeds, List<Axis> axes) {
        long each = columns.stream().mapToLong(method -> Axis.count(axes, method)).sum();
        return times(times(each, rows), seeds);
    }

    private static long times(long a, long b) {
        return b > 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }
}
