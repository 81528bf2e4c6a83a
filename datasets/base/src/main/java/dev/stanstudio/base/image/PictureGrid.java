package dev.stanstudio.base.image;

import java.util.Arrays;
import java.util.List;

/** Pictures of one size side by side in one picture. Thread-safe. */
public final class PictureGrid {
    private static final byte PAPER = (byte) 250;
    private static final int CHANNELS = 3;

    private PictureGrid() {}

    /**
     * The RGB pictures in rows of {@code columns}, {@code gap} light pixels between them.
     *
     * @throws IllegalArgumentException if there is none, or their sizes differ
     */
    public static Picture of(List<Picture> pictures, int columns, int gap) {
        if (pictures.isEmpty() || columns < 1 || gap < 0) {
            throw new IllegalArgumentException(
                    "%s pictures in %s columns, gap %s".formatted(pictures.size(), columns, gap));
        }
        int cellWidth = pictures.get(0).width();
        int cellHeight = pictures.get(0).height();
        int used = Math.min(columns, pictures.size());
        int rows = (pictures.size() + columns - 1) / columns;
        int width = used * (cellWidth + gap) - gap;
        int height = rows * (cellHeight + gap) - gap;
        byte[] samples = new byte[width * height * CHANNELS];
        Arrays.fill(samples, PAPER);
        for (int i = 0; i < pictures.size(); i++) {
            int left = i % columns * (cellWidth + gap);
            int top = i / columns * (cellHeight + gap);
            place(pictures.get(i), cellWidth, cellHeight, samples, (top * width + left), width);
        }
        return Picture.of(width, height, PixelMode.RGB, samples);
    }

    private static void place(
            Picture picture, int width, int height, byte[] into, int corner, int stride) {
        if (picture.width() != width || picture.height() != height) {
            throw new IllegalArgumentException(
                    "a picture of %s×%s among pictures of %s×%s"
                            .formatted(picture.width(), picture.height(), width, height));
        }
        byte[] source = picture.toRgb().samples();
        int row = width * CHANNELS;
        for (int y = 0; y < height; y++) {
            System.arraycopy(source, y * row, into, (corner + y * stride) * CHANNELS, row);
        }
    }
}
