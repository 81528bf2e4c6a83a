package dev.stanstudio.base.image;

/**
 * Resampling in plain double precision straight from its definition: a target sample is the
 * kernel-weighted mean of all source samples, columns and rows in one sum, rounded once.
 */
final class ReferenceResampler {

    private ReferenceResampler() {}

    /** Opaque pictures only, whole picture. */
    static double[] resize(Picture in, int width, int height, ResampleFilter filter) {
        int channels = in.mode().channels();
        double[][] columns = weights(in.width(), width, filter);
        double[][] rows = weights(in.height(), height, filter);
        double[] out = new double[width * height * channels];
        for (int i = 0; i < out.length; i++) {
            double[] across = columns[i / channels % width];
            double[] down = rows[i / channels / width];
            double sum = 0;
            for (int y = 0; y < in.height(); y++) {
                for (int x = 0; x < in.width(); x++) {
                    sum += down[y] * across[x] * in.sample(x, y, i % channels);
                }
            }
            out[i] = sum;
        }
        return out;
    }

    private static double[][] weights(int source, int target, ResampleFilter filter) {
        double scale = (double) source / target;
        double[][] weights = new double[target][source];
        for (int i = 0; i < target; i++) {
            double centre = (i + 0.5) * scale;
            double sum = 0;
            for (int k = 0; k < source; k++) {
                weights[i][k] = kernel(filter, (k - centre + 0.5) * (1 / Math.max(1, scale)));
                sum += weights[i][k];
            }
            for (int k = 0; k < source; k++) {
                weights[i][k] /= sum;
            }
        }
        return weights;
    }

    private static double kernel(ResampleFilter filter, double x) {
        double d = Math.abs(x);
        return switch (filter) {
            case NEAREST -> throw new IllegalArgumentException("NEAREST has no kernel");
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> d < 1 ? 1 - d : 0;
            case HAMMING -> d < 1 ? sinc(d) * (0.54 + 0.46 * Math.cos(Math.PI * d)) : 0;
            case BICUBIC ->
                    d < 1
                            ? 1.5 * d * d * d - 2.5 * d * d + 1
                            : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
            case LANCZOS -> d < 3 ? sinc(d) * sinc(d / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
