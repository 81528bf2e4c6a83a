package dev.stanstudio.base.image;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns a stored picture upright: the values 1 to 8 of EXIF's orientation tag (CIPA DC-008, tag
 * 0x0112), in that order.
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
     * The orientation that a file states in EXIF, in a TIFF's own tag or else in XMP, as Pillow
     * finds it; {@link #UPRIGHT} where there is none, or one that makes no sense.
     *
     * @throws UserException when the file cannot be read
     */
    public static Orientation of(Path file) {
        try {
            int tag = OrientationTag.of(file);
            return tag < 1 || tag > BY_TAG.size() ? UPRIGHT : BY_TAG.get(tag - 1);
        } catch (IOException e) {
            throw new UserException(
                    "picture " + file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** Returns true if a picture stands upright with width and height exchanged. */
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
