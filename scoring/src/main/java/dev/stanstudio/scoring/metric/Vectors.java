package dev.stanstudio.scoring.metric;

/** Computes with feature vectors, in double precision. Stateless. */
public final class Vectors {
    private Vectors() {}

    /** Returns {@code vector} in double precision. */
    public static double[] toDoubles(float[] vector) {
        double[] doubles = new double[vector.length];
        for (int k = 0; k < vector.length; k++) {
            doubles[k] = vector[k];
        }
        return doubles;
    }

    /** Returns {@code rows} in double precision. */
    static double[][] toDoubles(float[][] rows) {
        double[][] doubles = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            doubles[i] = toDoubles(rows[i]);
        }
        return doubles;
    }

    /**
     * Returns the inner product.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double dot(double[] a, double[] b) {
        requireSameLength(a.length, b.length);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /**
     * Returns the inner product.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double dot(double[] a, float[] b) {
        requireSameLength(a.length, b.length);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /**
     * Returns the inner product, added up in double precision.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double dot(float[] a, float[] b) {
        requireSameLength(a.length, b.length);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (double) a[k] * b[k];
        }
        return sum;
    }

    private static void requireSameLength(int a, int b) {
        if (a != b) {
            throw new IllegalArgumentException(
                    "vectors of %d and %d numbers do not compare".formatted(a, b));
        }
    }

    /** Returns {@code vector} divided by its length; NaN if that is 0. */
    public static double[] unit(float[] vector) {
        double length = length(vector);
        double[] unit = new double[vector.length];
        for (int k = 0; k < unit.length; k++) {
            unit[k] = vector[k] / length;
        }
        return unit;
    }

    /**
     * Returns each row divided by its length, rounded to single precision.
     *
     * @throws IllegalArgumentException if a row has length 0 and therefore no direction
     */
    public static float[][] units(float[][] rows) {
        float[][] units = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            if (length(rows[i]) == 0) {
                throw new IllegalArgumentException("feature row " + i + " has length 0");
            }
            units[i] = toFloats(unit(rows[i]));
        }
        return units;
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** Returns {@code vector} rounded to single precision. */
    public static float[] toFloats(double[] vector) {
        float[] floats = new float[vector.length];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) vector[k];
        }
        return floats;
    }

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }
        return sum;
    }

    /**
     * Returns each row divided by its length; a row of length 0 has no direction and is refused.
     */
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

    /** Returns the sum of the rows. */
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
