package dev.stanstudio.base.image;

/** Scaling by picking single pixels ({@code Geometry.c}, {@code ImagingScaleAffine}). */
final class NearestScaling {

    private NearestScaling() {}

    static Picture scale(Picture in, int width, int height, ResampleBox box) {
        int[] columns = sources((float) box.left(), (float) box.right(), width, in.width());
        int[] rows = sources((float) box.top(), (float) box.bottom(), height, in.height());
        int pixel = in.mode().channels();
        byte[] from = in.array();
        byte[] out = new byte[Math.multiplyExact(width * pixel, height)];
        for (int y = 0, to = 0; y < height; y++) {
            for (int x = 0; x < width; x++, to += pixel) {
                // A position that rounding pushed past the edge stays zero, as in Pillow.
                if (rows[y] < in.height() && columns[x] < in.width()) {
                    int start = (rows[y] * in.width() + columns[x]) * pixel;
                    System.arraycopy(from, start, out, to, pixel);
                }
            }
        }
        return Picture.adopt(width, height, in.mode(), out);
    }

    /**
     * The source position of each target position. The steps are added up, not multiplied: the
     * rounding errors that gathers decide which pixel is taken.
     */
    private static int[] sources(float from, float to, int targetSize, int sourceSize) {
        double step = (double) (to - from) / targetSize;
        int[] sources = new int[targetSize];
        double position = from + step * 0.5;
        for (int i = 0; i < targetSize; i++) {
            sources[i] = Math.min((int) position, sourceSize);
            position += step;
        }
        return sources;
    }
}
