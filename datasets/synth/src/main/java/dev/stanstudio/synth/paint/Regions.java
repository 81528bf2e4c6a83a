package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;

/**
 * Divides a picture into numbered regions, with the mean colour of each. Tiles, panes and facets
 * are regions.
 */
final class Regions {
    private final int size;
    private final int[] region;
    private final Rgb[] colour;

    private Regions(int size, int[] region, Rgb[] colour) {
        this.size = size;
        this.region = region;
        this.colour = colour;
    }

    /**
     * Divides {@code model} as {@code region} says.
     *
     * @param region {@code [size · size]}, the number of each pixel's region, below {@code count}
     */
    static Regions of(Raster model, int[] region, int count) {
        double[] sums = new double[4 * count];
        for (int i = 0; i < region.length; i++) {
            Rgb seen = model.get(i);
            int at = 4 * region[i];
            sums[at] += seen.r();
            sums[at + 1] += seen.g();
            sums[at + 2] += seen.b();
            sums[at + 3]++;
        }
        Rgb[] colour = new Rgb[count];
        for (int k = 0; k < count; k++) {
            double n = Math.max(1, sums[4 * k + 3]);
            colour[k] =
                    new Rgb(
                            (float) (sums[4 * k] / n),
                            (float) (sums[4 * k + 1] / n),
                            (float) (sums[4 * k + 2] / n));
        }
        return new Regions(model.size(), region, colour);
    }

    /** Divides {@code model} into a checkerboard of {@code cells} × {@code cells} squares. */
    static Regions squares(Raster model, int cells) {
        int size = model.size();
        int[] region = new int[size * size];
        for (int i = 0; i < region.length; i++) {
            region[i] =
                    Math.floorDiv(Math.floorDiv(i, size) * cells, size) * cells
                            + Math.floorDiv(i % size * cells, size);
        }
        return of(model, region, cells * cells);
    }

    /** Returns the number of pixel {@code i}'s region. */
    int at(int i) {
        return region[i];
    }

    /** Returns the mean colour of the region of pixel {@code i}. */
    Rgb colour(int i) {
        return colour[region[i]];
    }

    /** Returns the mean colour of region {@code k}. */
    Rgb mean(int k) {
        return colour[k];
    }

    /**
     * Returns the lines between regions, 0 … 1 a pixel.
     *
     * @param width of a line as a share of the picture
     */
    float[] seams(double width) {
        float[] line = new float[region.length];
        for (int y = 0; y < size - 1; y++) {
            for (int x = 0; x < size - 1; x++) {
                int i = y * size + x;
                if (region[i] != region[i + 1] || region[i] != region[i + size]) {
                    line[i] = 1;
                }
            }
        }
        return thick(line, size, width);
    }

    /** Thickens lines of one pixel to {@code width}, a share of the picture. */
    static float[] thick(float[] line, int size, double width) {
        double radius = width * size / 2;
        if (radius > 0.4) {
            Blur.gaussian(line, size, radius);
        }
        double gain = Math.max(1, 3.2 * radius);
        for (int i = 0; i < line.length; i++) {
            line[i] = (float) Math.min(1, line[i] * gain);
        }
        return line;
    }

    /**
     * Returns the nearest of {@code cells} × {@code cells} scattered points for each pixel: cells
     * of about equal size with straight sides.
     */
    static int[] cells(int size, int cells, Dice dice) {
        double[] px = new double[cells * cells];
        double[] py = new double[cells * cells];
        for (int k = 0; k < px.length; k++) {
            px[k] = (k % cells + dice.between(0.1, 0.9)) * size / cells;
            py[k] = (Math.floorDiv(k, cells) + dice.between(0.1, 0.9)) * size / cells;
        }
        int[] nearest = new int[size * size];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = nearest(px, py, cells, size, i % size + 0.5, Math.floorDiv(i, size) + 0.5);
        }
        return nearest;
    }

    private static int nearest(double[] px, double[] py, int cells, int size, double x, double y) {
        int column = (int) (x * cells / size);
        int row = (int) (y * cells / size);
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int r = Math.max(0, row - 2); r <= Math.min(cells - 1, row + 2); r++) {
            for (int c = Math.max(0, column - 2); c <= Math.min(cells - 1, column + 2); c++) {
                int k = r * cells + c;
                double d = (x - px[k]) * (x - px[k]) + (y - py[k]) * (y - py[k]);
                if (d < least) {
                    least = d;
                    best = k;
                }
            }
        }
        return best;
    }
}
