package dev.stanstudio.base.image;

/**
 * Blurs pictures as Pillow's {@code ImageFilter.GaussianBlur} does: three box blurs in each
 * direction, whose width need not be whole (Gwosdek et al. 2011), each rounded to 8 bits; beyond
 * the edges, the outermost pixels go on.
 */
public final class PillowBlur {
    private static final int PASSES = 3;
    private static final int BITS = 24;
    private static final int BYTE = 255;

    private final int radius;

    /** Weights in 24 bits of the pixels within the radius, and of the two just outside. */
    private final long inner;

    private final long outer;

    private PillowBlur(double boxRadius) {
        float exact = (float) boxRadius;
        radius = (int) exact;
        inner = (long) ((1 << BITS) / (exact * 2 + 1));
        outer = ((1L << BITS) - (radius * 2 + 1) * inner) / 2;
    }

    /**
     * Returns {@code picture} blurred.
     *
     * @param sigma the radius that Pillow's filter is given, in pixels; 0 for the picture as it is
     * @throws IllegalArgumentException if it is negative
     */
    public static Picture blur(Picture picture, double sigma) {
        if (!(sigma >= 0)) {
            throw new IllegalArgumentException("a blur by " + sigma + " pixels");
        }
        return sigma == 0 ? picture : new PillowBlur(boxRadius((float) sigma)).of(picture);
    }

    /** The radius of the box that, applied three times, has this deviation. */
    private static float boxRadius(float sigma) {
        float variance = sigma * sigma / PASSES;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        part /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + part;
    }

    private Picture of(Picture picture) {
        int channels = picture.mode().channels();
        int row = picture.width() * channels;
        byte[] samples = picture.samples();
        byte[] line = new byte[Math.max(picture.width(), picture.height())];
        for (int y = 0; y < picture.height(); y++) {
            for (int channel = 0; channel < channels; channel++) {
                passes(samples, y * row + channel, channels, picture.width(), line);
            }
        }
        for (int x = 0; x < row; x++) {
            passes(samples, x, row, picture.height(), line);
        }
        return Picture.adopt(picture.width(), picture.height(), picture.mode(), samples);
    }

    /** Blurs {@code length} samples that lie {@code step} apart, in place. */
    private void passes(byte[] samples, int start, int step, int length, byte[] line) {
        for (int pass = 0; pass < PASSES; pass++) {
            for (int i = 0; i < length; i++) {
                line[i] = samples[start + i * step];
            }
            long sum = 0;
            for (int i = -radius; i <= radius; i++) {
                sum += at(line, i, length);
            }
            for (int i = 0; i < length; i++) {
                long outside = at(line, i - radius - 1, length) + at(line, i + radius + 1, length);
                long value = sum * inner + outside * outer;
                samples[start + i * step] = (byte) ((value + (1L << (BITS - 1))) >> BITS);
                sum += at(line, i + radius + 1, length) - at(line, i - radius, length);
            }
        }
    }

    private static long at(byte[] line, int index, int length) {
        return line[Math.min(length - 1, Math.max(0, index))] & BYTE;
    }
}
