package dev.stanstudio.base.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes the first frame of GIF files and puts it on its screen, as Pillow does. The JDK's reader
 * is given that frame alone: it takes minutes over long comments, and loses rows of low interlaced
 * pictures.
 */
final class GifReader {
    /** First row and step of the four passes (GIF89a, appendix E). */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private GifReader() {}

    /**
     * The first frame; what it leaves of the screen is transparent where it has a transparent
     * colour, and of colour 0 elsewhere.
     */
    static Picture read(GifFrame gif, ImageReader reader, boolean transparent) throws IOException {
        if (!gif.complete()) {
            throw new IOException("its pixels are damaged or end too early");
        }
        reader.setInput(
                new MemoryCacheImageInputStream(
                        new ByteArrayInputStream(gif.plain().toByteArray())),
                true,
                true);
        BufferedImage image = reader.read(0);
        if (!(image.getColorModel() instanceof IndexColorModel index)) {
            throw new IOException("its frame has no palette");
        }
        int clear = index.getTransparentPixel();
        Picture frame =
                transparent && clear >= 0
                        ? RasterSamples.ofTransparentPalette(image, index)
                        : RasterSamples.of(image, true);
        if (!gif.interlaced() && frame.width() == gif.width() && frame.height() == gif.height()) {
            return frame;
        }
        int rest = Math.max(clear, 0);
        byte[] ground = {
            (byte) index.getRed(rest),
            (byte) index.getGreen(rest),
            (byte) index.getBlue(rest),
            (byte) index.getAlpha(rest)
        };
        return place(gif, frame, Arrays.copyOf(ground, frame.mode().channels()));
    }

    private static Picture place(GifFrame gif, Picture frame, byte[] ground) {
        int step = ground.length;
        int pixels = Math.multiplyExact(gif.width(), gif.height());
        byte[] screen = new byte[Math.multiplyExact(pixels, step)];
        for (int i = 0; i < screen.length; i += step) {
            System.arraycopy(ground, 0, screen, i, step);
        }
        int line = frame.width() * step;
        int[] rows = rows(gif, frame.height());
        for (int stored = 0; stored < rows.length; stored++) {
            int to = ((gif.top() + rows[stored]) * gif.width() + gif.left()) * step;
            System.arraycopy(frame.array(), stored * line, screen, to, line);
        }
        return Picture.adopt(gif.width(), gif.height(), frame.mode(), screen);
    }

    /** Returns the place of each stored row. */
    private static int[] rows(GifFrame gif, int height) {
        int[] rows = new int[height];
        Arrays.setAll(rows, row -> row);
        if (gif.interlaced()) {
            int stored = 0;
            for (int[] pass : PASSES) {
                for (int row = pass[0]; row < height; row += pass[1]) {
                    rows[stored++] = row;
                }
            }
        }
        return rows;
    }
}
