package dev.stanstudio.base.image;

/**
 * Blurs grey pictures with a Gaussian that is cut off at three standard deviations; beyond the
 * edges, the outermost pixels go on.
 */
public final class GaussianBlur {
    private static final int REACH = 3;
    private static final int WHITE = 255;

    private final double[] kernel;

    private GaussianBlur(double sigma) {
        int reach = Math.max(1, (int) Math.ceil(REACH * sigma));
        kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            double away = (i - reach) / sigma;
            kernel[i] = Math.exp(-away * away / 2);
            sum += kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
    }

    /**
     * Returns {@code grey} blurred.
     *
     * @param sigma standard deviation in pixels; 0 for the picture as it is
     * @throws IllegalArgumentException if the picture is not grey, or sigma negative
     */
    public static Picture blur(Picture grey, double sigma) {
        if (grey.mode() != PixelMode.GREY || !(sigma >= 0)) {
            throw new IllegalArgumentException(
                    "a blur by %s needs a grey picture, not %s".formatted(sigma, grey));
        }
        return sigma == 0 ? grey : new GaussianBlur(sigma).of(grey);
    }

    private Picture of(Picture grey) {
        int width = grey.width();
        int height = grey.height();
        float[] values = new float[width * height];
        byte[] samples = grey.array();
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i] & WHITE;
        }
        float[] rows = pass(values, height, width, width, 1);
        float[] both = pass(rows, width, height, 1, width);
        byte[] out = new byte[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Math.min(WHITE, Math.round(both[i]));
        }
        return Picture.adopt(width, height, PixelMode.GREY, out);
    }

    /** Blurs {@code lines} of {@code length} values that lie {@code step} apart. */
    private float[] pass(float[] values, int lines, int length, int apart, int step) {
        int reach = kernel.length / 2;
        float[] out = new float[values.length];
        for (int line = 0; line < lines; line++) {
            for (int at = 0; at < length; at++) {
                double sum = 0;
                for (int k = 0; k < kernel.length; k++) {
                    int from = Math.min(length - 1, Math.max(0, at + k - reach));
                    sum += kernel[k] * values[line * apart + from * step];
                }
                out[line * apart + at * step] = (float) sum;
            }
        }
        return out;
    }
}
