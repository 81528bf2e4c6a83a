package dev.stanstudio.scoring.metric;

import java.util.Arrays;

/**
 * Cosines between feature vectors of one network, raw or normalised. Range −1 … 1, larger is more
 * alike. All sums are in double precision; the order of the rows does not matter beyond rounding.
 */
public final class Cosines {
    private Cosines() {}

    /**
     * Row i, column j: the cosine of {@code a[i]} and {@code b[j]}.
     *
     * @throws IllegalArgumentException if widths differ, or a vector has length 0
     */
    public static double[][] matrix(float[][] a, float[][] b) {
        return matrix(Vectors.directions(a), Vectors.directions(b));
    }

    static double[][] matrix(double[][] unitsA, double[][] unitsB) {
        return Arrays.stream(unitsA)
                .map(
                        row ->
                                Arrays.stream(unitsB)
                                        .mapToDouble(column -> Vectors.dot(row, column))
                                        .toArray())
                .toArray(double[][]::new);
    }

    /**
     * The cosines of {@code a[i]} and {@code b[i]}.
     *
     * @throws IllegalArgumentException if numbers of rows or widths differ, or a vector has length
     *     0
     */
    public static double[] pairs(float[][] a, float[][] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    a.length + " and " + b.length + " vectors cannot be paired");
        }
        double[][] unitsA = Vectors.directions(a);
        double[][] unitsB = Vectors.directions(b);
        double[] cosines = new double[a.length];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = Vectors.dot(unitsA[i], unitsB[i]);
        }
        return cosines;
    }

    /**
     * Mean cosine of all pairs i &lt; j: how alike the pictures of one set are. 1 minus it is the
     * set's diversity.
     *
     * @throws IllegalArgumentException if there are fewer than two rows
     */
    public static double meanPairwise(float[][] rows) {
        if (rows.length < 2) {
            throw new IllegalArgumentException(
                    "a pairwise mean needs at least two pictures, not " + rows.length);
        }
        double[][] units = Vectors.directions(rows);
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = i + 1; j < rows.length; j++) {
                sum += Vectors.dot(units[i], units[j]);
            }
        }
        return sum / (0.5 * rows.length * (rows.length - 1));
    }
}
