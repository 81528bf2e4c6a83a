package dev.stanstudio.base.image;

/** Shrinking by whole factors: each block of pixels becomes its mean ({@code Reduce.c}). */
final class BoxReduction {

    /** Fraction bits of the reciprocal that replaces the division by the block's pixel count. */
    private static final int FRACTION_BITS = 24;

    private BoxReduction() {}

    /**
     * Blocks at the right and lower edge that the factors do not fill are means of what is there.
     */
    static Picture reduce(Picture in, int factorX, int factorY) {
        int width = ceilDivide(in.width(), factorX);
        int height = ceilDivide(in.height(), factorY);
        int channels = in.mode().channels();
        byte[] out = new byte[width * height * channels];
        for (int y = 0, to = 0; y < height; y++) {
            int rows = Math.min(factorY, in.height() - y * factorY);
            for (int x = 0; x < width; x++) {
                int columns = Math.min(factorX, in.width() - x * factorX);
                for (int c = 0; c < channels; c++) {
                    int start = (y * factorY * in.width() + x * factorX) * channels + c;
                    out[to++] = mean(in, start, columns, rows);
                }
            }
        }
        return Picture.adopt(width, height, in.mode(), out);
    }

    private static byte mean(Picture in, int start, int columns, int rows) {
        int channels = in.mode().channels();
        int pixels = columns * rows;
        long sum = pixels / 2;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                sum += in.array()[start + (y * in.width() + x) * channels] & 0xFF;
            }
        }
        return (byte) ((sum * ((1L << FRACTION_BITS) / pixels)) >> FRACTION_BITS);
    }

    private static int ceilDivide(int a, int b) {
        return (a + b - 1) / b;
    }
}
