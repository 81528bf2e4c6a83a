package dev.stanstudio.datasets.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageReader;

/**
 * Decodes the first frame of GIF files on the screen that it stands on (GIF89a, sections 18 and
 * 20), as Pillow does.
 *
 * @param width of the screen, or as far as the frame goes beyond it; like the height
 * @param left where the frame stands, like its top
 */
record GifReader(int width, int height, int left, int top) {
    private static final int SCREEN = 6;
    private static final int HEADER_BYTES = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2C;

    static GifReader of(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(SCREEN);
            int width = number(in);
            int height = number(in);
            in.seek(HEADER_BYTES + tableBytes(in.readUnsignedByte()));
            int block = in.readUnsignedByte();
            while (block == EXTENSION) {
                in.readUnsignedByte();
                skipBlocks(in);
                block = in.readUnsignedByte();
            }
            if (block != IMAGE) {
                throw new IOException("it has no frame");
            }
            int left = number(in);
            int top = number(in);
            return new GifReader(
                    Math.max(width, left + number(in)),
                    Math.max(height, top + number(in)),
                    left,
                    top);
        } catch (EOFException e) {
            throw new IOException("it is truncated", e);
        }
    }

    private static int tableBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static void skipBlocks(RandomAccessFile in) throws IOException {
        for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
            in.seek(in.getFilePointer() + length);
        }
    }

    private static int number(RandomAccessFile in) throws IOException {
        return in.readUnsignedByte() + (in.readUnsignedByte() << 8);
    }

    /**
     * The first frame; what it leaves of the screen is transparent where it has a transparent
     * colour, and of colour 0 elsewhere.
     */
    Picture read(ImageReader reader, boolean transparent) throws IOException {
        BufferedImage image = reader.read(0);
        if (!(image.getColorModel() instanceof IndexColorModel index)) {
            throw new IOException("its frame has no palette");
        }
        int clear = index.getTransparentPixel();
        boolean alpha = transparent && clear >= 0;
        Picture frame =
                alpha
                        ? RasterSamples.ofTransparentPalette(image, index)
                        : RasterSamples.of(image, true);
        if (frame.width() == width && frame.height() == height) {
            return frame;
        }
        int rest = Math.max(clear, 0);
        byte[] pixel = {
            (byte) index.getRed(rest),
            (byte) index.getGreen(rest),
            (byte) index.getBlue(rest),
            (byte) index.getAlpha(rest)
        };
        return place(frame, Arrays.copyOf(pixel, frame.mode().channels()));
    }

    private Picture place(Picture frame, byte[] ground) {
        int step = ground.length;
        byte[] screen = new byte[Math.multiplyExact(Math.multiplyExact(width, height), step)];
        for (int i = 0; i < screen.length; i += step) {
            System.arraycopy(ground, 0, screen, i, step);
        }
        int line = frame.width() * step;
        for (int y = 0; y < frame.height(); y++) {
            int to = ((top + y) * width + left) * step;
            System.arraycopy(frame.array(), y * line, screen, to, line);
        }
        return Picture.adopt(width, height, frame.mode(), screen);
    }
}
