package dev.stanstudio.base.image;

/**
 * The part of the source that becomes the whole target, in source pixels; edges may lie between
 * pixels. Used in single precision, as Pillow does.
 */
public record ResampleBox(double left, double top, double right, double bottom) {

    public ResampleBox {
        if (!(left >= 0
                && top >= 0
                && (float) right > (float) left
                && (float) bottom > (float) top)) {
            throw new IllegalArgumentException(
                    "resample box must have 0 <= left < right and 0 <= top < bottom, not "
                            + text(left, top, right, bottom));
        }
    }

    static ResampleBox whole(Picture picture) {
        return new ResampleBox(0, 0, picture.width(), picture.height());
    }

    void requireWithin(Picture picture) {
        if ((float) right > picture.width() || (float) bottom > picture.height()) {
            throw new IllegalArgumentException(
                    "resample box %s exceeds the %sx%s picture"
                            .formatted(
                                    text(left, top, right, bottom),
                                    picture.width(),
                                    picture.height()));
        }
    }

    /** Returns true if it covers exactly {@code width} times {@code height} whole pixels. */
    boolean isPixelRectangle(int width, int height) {
        return (float) left == Math.rint((float) left)
                && (float) top == Math.rint((float) top)
                && (float) right - (float) left == width
                && (float) bottom - (float) top == height;
    }

    private static String text(double left, double top, double right, double bottom) {
        return "(" + left + ", " + top + ", " + right + ", " + bottom + ")";
    }
}
