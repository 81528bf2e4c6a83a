package dev.stanstudio.web.grid;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.image.ImageSheet;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.PictureMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Draws a labelled table of thumbnails: a row per pair, a column per method and seed. */
final class GridSheet {
    private static final int CELL = 96;
    private static final int GAP = 3;
    private static final int SEEDS = 4;
    private static final int MARGIN = 100;
    private static final int TOP = 22;
    private static final int LABEL = 16;
    private final ImageSheet sheet;

    private GridSheet(int rows, int columns) {
        sheet = new ImageSheet(MARGIN + columns * (CELL + GAP), TOP + rows * (CELL + GAP));
    }

    /** Draws the pictures in {@code folder}, of each method and pair those of the first seeds. */
    static Picture draw(Grid grid, Path folder) {
        PictureMatrix matrix = grid.matrix();
        List<Long> seeds = matrix.seeds().subList(0, Math.min(SEEDS, matrix.seeds().size()));
        List<MatrixCell> cells = grid.cells();
        List<String> methods = cells.stream().map(MatrixCell::method).distinct().toList();
        int columns = methods.size() * seeds.size();
        GridSheet sheet = new GridSheet(matrix.rows().size(), columns);
        for (int m = 0; m < methods.size(); m++) {
            sheet.write(
                    MethodNames.shown(methods.get(m)), MARGIN + m * seeds.size() * (CELL + GAP), 2);
        }
        for (int s = 0; s < columns; s++) {
            sheet.write("seed " + seeds.get(s % seeds.size()), MARGIN + s * (CELL + GAP), 12);
        }
        for (int row = 0; row < matrix.rows().size(); row++) {
            sheet.label(matrix.rows().get(row), TOP + row * (CELL + GAP));
        }
        for (MatrixCell cell : cells) {
            int seed = seeds.indexOf(cell.seed());
            Path file = folder.resolve(cell.file());
            if (seed >= 0 && Files.isRegularFile(file)) {
                int column = methods.indexOf(cell.method()) * seeds.size() + seed;
                sheet.place(Picture.read(file), column, cell.row());
            }
        }
        return sheet.sheet.picture();
    }

    private void label(MatrixRow row, int top) {
        String[] words = row.label().split(" ");
        for (int k = 0; k < words.length && (k + 1) * ImageSheet.LINE < CELL; k++) {
            String word = words[k].substring(0, Math.min(LABEL, words[k].length()));
            write(word, 2, top + 4 + k * (ImageSheet.LINE + 2));
        }
    }

    private void write(String text, int left, int top) {
        sheet.write(text, left, top, 1);
    }

    private void place(Picture picture, int column, int row) {
        double scale = (double) CELL / Math.max(picture.width(), picture.height());
        int w = Math.max(1, (int) Math.round(picture.width() * scale));
        int h = Math.max(1, (int) Math.round(picture.height() * scale));
        Picture small = Resampler.of(ResampleFilter.LANCZOS).resize(picture.toRgb(), w, h);
        sheet.place(small, MARGIN + column * (CELL + GAP), TOP + row * (CELL + GAP));
    }
}
