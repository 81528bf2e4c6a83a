package dev.stanstudio.datasets.synth.draw;

/** Blurs a square field of numbers in place. */
public final class Blur {
    private Blur() {}

    /**
     * Three box blurs, which together come close to a Gaussian of standard deviation {@code radius}
     * pixels; the border repeats its last value.
     */
    public static void gaussian(float[] field, int size, double radius) {
        double box = Math.sqrt(4 * radius * radius + 1);
        int half = (int) Math.round((box - 1) / 2);
        if (half < 1) {
            half = radius > 0.3 ? 1 : 0;
        }
        if (half == 0) {
            return;
        }
        float[] line = new float[size];
        for (int pass = 0; pass < 3; pass++) {
            for (int k = 0; k < size; k++) {
                box(field, k * size, 1, size, half, line);
            }
            for (int k = 0; k < size; k++) {
                box(field, k, size, size, half, line);
            }
        }
    }

    private static void box(float[] field, int start, int step, int size, int half, float[] line) {
        float sum = 0;
        for (int k = -half; k <= half; k++) {
            sum += field[start + step * clamp(k, size)];
        }
        float scale = 1f / (2 * half + 1);
        for (int k = 0; k < size; k++) {
            line[k] = sum * scale;
            sum +=
                    field[start + step * clamp(k + half + 1, size)]
                            - field[start + step * clamp(k - half, size)];
        }
        for (int k = 0; k < size; k++) {
            field[start + step * k] = line[k];
        }
    }

    private static int clamp(int k, int size) {
        return Math.max(0, Math.min(size - 1, k));
    }
}
