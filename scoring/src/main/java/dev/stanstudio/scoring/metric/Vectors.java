package dev.stanstudio.scoring.metric;

/** Arithmetic of feature vectors in double precision. */
final class Vectors {
    private Vectors() {}

    static double[] toDoubles(float[] vector) {
        double[] doubles = new double[vector.length];
        for (int k = 0; k < vector.length; k++) {
            doubles[k] = vector[k];
        }
        return doubles;
    }

    static double[][] toDoubles(float[][] rows) {
        double[][] doubles = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            doubles[i] = toDoubles(rows[i]);
        }
        return doubles;
    }

    static double dot(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "vectors of " + a.length + " and " + b.length + " numbers do not compare");
        }
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }
        return sum;
    }

    /** Each row divided by its length; a row of length 0 has no direction and is refused. */
    static double[][] directions(double[][] rows) {
        double[][] units = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double length = Math.sqrt(dot(rows[i], rows[i]));
            if (length == 0) {
                throw new IllegalArgumentException(
                        "feature vector " + i + " has length 0 and thus no direction");
            }
            units[i] = new double[rows[i].length];
            for (int k = 0; k < rows[i].length; k++) {
                units[i][k] = rows[i][k] / length;
            }
        }
        return units;
    }

    static double[][] directions(float[][] rows) {
        return directions(toDoubles(rows));
    }

    /** The sum of the rows. */
    static double[] sum(double[][] rows) {
        double[] sum = new double[rows[0].length];
        for (double[] row : rows) {
            for (int k = 0; k < sum.length; k++) {
                sum[k] += row[k];
            }
        }
        return sum;
    }
}
