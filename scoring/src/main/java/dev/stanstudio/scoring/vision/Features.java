package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Tensor;
import java.util.Arrays;

/** Copies feature vectors, n rows of d numbers, from tensors to Java. */
public final class Features {
    private Features() {}

    /**
     * Copies a tensor [B, d] to Java.
     *
     * @param made the tower that computed the tensor, for the message
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

    /** Returns true if every number of a vector is finite. */
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
}
