package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Tensor;
import java.util.Arrays;

/** Feature vectors on Java's side: n rows of d numbers. */
public final class Features {
    private Features() {}

    /**
     * Copies a tensor [B, d] to Java.
     *
     * @param made what made the tensor, for the error
     * @throws UserException if a number is not finite: an overflow in fp16, or broken weights
     */
    public static float[][] rows(Tensor tensor, TowerId made) {
        float[][] rows = unchecked(tensor);
        for (float[] row : rows) {
            if (!isFinite(row)) {
                throw new UserException(made.notFinite());
            }
        }
        return rows;
    }

    /** Whether every number of a vector is finite. */
    public static boolean isFinite(float[] row) {
        for (float value : row) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Copies a tensor [B, d] to Java, whatever its numbers are. */
    static float[][] unchecked(Tensor tensor) {
        float[] flat = tensor.toFloats();
        int width = Math.toIntExact(tensor.size(1));
        float[][] rows = new float[Math.toIntExact(tensor.size(0))][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    /**
     * Each row divided by its Euclidean length, computed in double precision.
     *
     * @throws IllegalArgumentException if a row has length 0 and therefore no direction
     */
    public static float[][] unit(float[][] rows) {
        float[][] units = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double squares = 0;
            for (float value : rows[i]) {
                squares += (double) value * value;
            }
            if (squares == 0) {
                throw new IllegalArgumentException("feature row " + i + " has length 0");
            }
            units[i] = new float[rows[i].length];
            for (int k = 0; k < rows[i].length; k++) {
                units[i][k] = (float) (rows[i][k] / Math.sqrt(squares));
            }
        }
        return units;
    }
}
