package dev.stanstudio.synth.draw;

/** Blurs a square field of numbers in place. */
public final class Blur {
    private static final double SHORT = 1.6;

    private Blur() {}

    /**
     * By about a Gaussian of standard deviation {@code radius} pixels: its own kernel while that is
     * short, three box blurs beyond; the border repeats its last value.
     */
    public static void gaussian(float[] field, int size, double radius) {
        float[] line = new float[size];
        if (radius < SHORT) {
            float[] kernel = kernel(radius);
            for (int k = 0; k < size; k++) {
                convolve(field, k * size, 1, size, kernel, line);
            }
            for (int k = 0; k < size; k++) {
                convolve(field, k, size, size, kernel, line);
            }
            return;
        }
        int half = (int) Math.round((Math.sqrt(4 * radius * radius + 1) - 1) / 2);
        for (int pass = 0; pass < 3; pass++) {
            for (int k = 0; k < size; k++) {
                box(field, k * size, 1, size, half, line);
            }
            for (int k = 0; k < size; k++) {
                box(field, k, size, size, half, line);
            }
        }
    }

    private static float[] kernel(double radius) {
        int half = (int) Math.ceil(2.5 * radius);
        float[] kernel = new float[half + 1];
        float sum = 0;
        for (int k = 0; k <= half; k++) {
            kernel[k] = (float) StrictMath.exp(-0.5 * k * k / Math.max(1e-4, radius * radius));
            sum += k == 0 ? kernel[k] : 2 * kernel[k];
        }
        for (int k = 0; k <= half; k++) {
            kernel[k] /= sum;
        }
        return kernel;
    }

    private static void convolve(
            float[] field, int start, int step, int size, float[] kernel, float[] line) {
        for (int k = 0; k < size; k++) {
            float sum = kernel[0] * field[start + step * k];
            for (int d = 1; d < kernel.length; d++) {
                float both =
                        field[start + step * clamp(k - d, size)]
                                + field[start + step * clamp(k + d, size)];
                sum += kernel[d] * both;
            }
            line[k] = sum;
        }
        for (int k = 0; k < size; k++) {
            field[start + step * k] = line[k];
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
