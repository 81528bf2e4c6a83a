package dev.stanstudio.base.image;

import java.util.Arrays;

/**
 * A light RGB sheet on which pictures and labels are put. What lies beyond its edges is cut off.
 * For one thread.
 */
public final class ImageSheet {
    /** Pixels from one letter of a label of scale 1 to the next. */
    public static final int LETTER = PixelFont.ADVANCE;

    /** Pixels from one line of labels of scale 1 to the next. */
    public static final int LINE = PixelFont.LINE;

    private static final byte PAPER = (byte) 250;
    private static final byte INK = 40;
    private static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] samples;

    /** Makes an empty sheet. */
    public ImageSheet(int width, int height) {
        this.width = width;
        this.height = height;
        this.samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
        Arrays.fill(samples, PAPER);
    }

    /** Puts {@code picture} with its upper left corner at ({@code left}, {@code top}), both ≥ 0. */
    public void place(Picture picture, int left, int top) {
        byte[] source = picture.toRgb().samples();
        int row = picture.width() * CHANNELS;
        int used = Math.max(0, Math.min(picture.width(), width - left)) * CHANNELS;
        for (int y = 0; y < Math.min(picture.height(), height - top); y++) {
            int corner = ((top + y) * width + left) * CHANNELS;
            System.arraycopy(source, y * row, samples, corner, used);
        }
    }

    /**
     * Writes one line of capitals, digits and hyphens; other letters are blank.
     *
     * @param scale pixels a side of the letters' cells
     */
    public void write(String text, int left, int top, int scale) {
        PixelFont.write(
                text, (column, row) -> fill(left + column * scale, top + row * scale, scale));
    }

    private void fill(int left, int top, int side) {
        int right = Math.min(left + side, width);
        for (int y = top; y < Math.min(top + side, height) && left < right; y++) {
            int line = y * width;
            Arrays.fill(samples, CHANNELS * (line + left), CHANNELS * (line + right), INK);
        }
    }

    /** Returns the sheet as it is; it must not be drawn on afterwards. */
    public Picture picture() {
        return Picture.of(width, height, PixelMode.RGB, samples);
    }
}
