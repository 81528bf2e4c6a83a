package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.image.Picture;

/** Measures pictures for filters. */
final class PictureQuality {
    private PictureQuality() {}

    /**
     * Returns the variance of the Laplacian of the picture in grey (Pech-Pacheco et al., "Diatom
     * autofocusing in brightfield microscopy", 2000), as OpenCV's {@code Laplacian(grey,
     * CV_64F).var()}: small where nothing is sharp. Edges are mirrored about the last pixel.
     */
    static double sharpness(Picture picture) {
        Picture grey = picture.onWhite().toGrey();
        int width = grey.width();
        int height = grey.height();
        byte[] samples = grey.samples();
        double sum = 0;
        double squares = 0;
        for (int y = 0; y < height; y++) {
            int above = mirrored(y - 1, height) * width;
            int below = mirrored(y + 1, height) * width;
            int row = y * width;
            for (int x = 0; x < width; x++) {
                double value =
                        (samples[above + x] & 0xFF)
                                + (samples[below + x] & 0xFF)
                                + (samples[row + mirrored(x - 1, width)] & 0xFF)
                                + (samples[row + mirrored(x + 1, width)] & 0xFF)
                                - 4.0 * (samples[row + x] & 0xFF);
                sum += value;
                squares += value * value;
            }
        }
        double count = (double) width * height;
        return squares / count - sum / count * (sum / count);
    }

    private static int mirrored(int at, int size) {
        if (size == 1) {
            return 0;
        }
        int low = Math.abs(at);
        return low < size ? low : 2 * (size - 1) - low;
    }

    /**
     * Returns the largest standard deviation of the channels red, green and blue, in levels of 0 to
     * 255: 0 for a picture of one colour.
     */
    static double spread(Picture picture) {
        Picture rgb = picture.onWhite().toRgb();
        byte[] samples = rgb.samples();
        int channels = rgb.mode().channels();
        double count = (double) samples.length / channels;
        double most = 0;
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            double squares = 0;
            for (int i = channel; i < samples.length; i += channels) {
                int value = samples[i] & 0xFF;
                sum += value;
                squares += (double) value * value;
            }
            double mean = sum / count;
            most = Math.max(most, Math.sqrt(Math.max(0, squares / count - mean * mean)));
        }
        return most;
    }
}
