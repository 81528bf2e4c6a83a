package dev.stanstudio.datasets.picture;

import dev.stanstudio.datasets.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a stored picture must be turned to stand upright: the values 1 to 8 of EXIF's orientation tag
 * (CIPA DC-008, tag 0x0112), in that order.
 */
public enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURNED(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    /** Needs a quarter turn clockwise. */
    TURNED_LEFT(true, false, true),
    TRANSVERSED(true, true, true),
    /** Needs a quarter turn counter-clockwise. */
    TURNED_RIGHT(true, true, false);

    private static final int HEAD_BYTES = 1 << 20;
    private static final int TAG = 0x0112;
    private static final int TYPE_SHORT = 3;
    private static final int TYPE_LONG = 4;
    private static final List<Orientation> BY_TAG = List.of(values());

    private final boolean swapped;
    private final boolean fromRight;
    private final boolean fromBottom;

    Orientation(boolean swapped, boolean fromRight, boolean fromBottom) {
        this.swapped = swapped;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /**
     * The orientation tag of a JPEG, PNG or WebP file; {@link #UPRIGHT} where there is none, or one
     * that makes no sense.
     *
     * @throws UserException when the file cannot be read
     */
    public static Orientation of(Path file) {
        try {
            if (PngChunks.isPng(file)) {
                List<PngChunk> exif = PngChunks.read(file, Set.of("eXIf"));
                return ofTiff(exif.isEmpty() ? null : exif.get(0).data());
            }
            if (isJpeg(file)) {
                return ofTiff(new JpegSegments(head(file)).exif());
            }
            return ofTiff(WebpChunks.exif(file));
        } catch (IOException e) {
            throw new UserException("picture " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The EXIF segment stands before the first scan, as a rule in front of everything else. */
    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        }
    }

    private static boolean isJpeg(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 0xFF && in.read() == 0xD8;
        }
    }

    private static Orientation ofTiff(byte @Nullable [] tiff) {
        if (tiff == null) {
            return UPRIGHT;
        }
        try {
            int tag = tag(ByteBuffer.wrap(tiff));
            return tag < 1 || tag > BY_TAG.size() ? UPRIGHT : BY_TAG.get(tag - 1);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return UPRIGHT;
        }
    }

    /** The tag's value in the first directory of a TIFF block, or 0. */
    private static int tag(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = Short.toUnsignedInt(tiff.getShort(directory));
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if (tiff.getShort(entry) == TAG) {
                int type = tiff.getShort(entry + 2);
                return type == TYPE_SHORT
                        ? tiff.getShort(entry + 8)
                        : type == TYPE_LONG ? tiff.getInt(entry + 8) : 0;
            }
        }
        return 0;
    }

    /** Whether a picture stands upright with width and height exchanged. */
    public boolean swapsSides() {
        return swapped;
    }

    /** The picture, turned and mirrored to stand upright; 5 to 8 swap width and height. */
    public Picture upright(Picture stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swapped ? stored.height() : stored.width();
        int height = swapped ? stored.width() : stored.height();
        int pixel = stored.mode().channels();
        byte[] from = stored.array();
        byte[] out = new byte[from.length];
        for (int y = 0, to = 0; y < height; y++) {
            for (int x = 0; x < width; x++, to += pixel) {
                int column = swapped ? y : x;
                int row = swapped ? x : y;
                int sourceX = fromRight ? stored.width() - 1 - column : column;
                int sourceY = fromBottom ? stored.height() - 1 - row : row;
                int at = (sourceY * stored.width() + sourceX) * pixel;
                System.arraycopy(from, at, out, to, pixel);
            }
        }
        return Picture.adopt(width, height, stored.mode(), out);
    }
}
