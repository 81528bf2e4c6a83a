package dev.stanstudio.base.image;

/**
 * The planes of a frame, in whole macroblocks (RFC 6386, section 2).
 *
 * @param columns of macroblocks, as {@code rows}
 */
record Vp8Frame(int columns, int rows, Vp8Plane luma, Vp8Plane blue, Vp8Plane red) {
    /** Side of a macroblock in luma; chroma has half of it. */
    static final int SIDE = 16;

    static Vp8Frame of(int width, int height) {
        int columns = (width + SIDE - 1) / SIDE;
        int rows = (height + SIDE - 1) / SIDE;
        return new Vp8Frame(
                columns,
                rows,
                new Vp8Plane(SIDE * columns, SIDE * rows),
                new Vp8Plane(SIDE / 2 * columns, SIDE / 2 * rows),
                new Vp8Plane(SIDE / 2 * columns, SIDE / 2 * rows));
    }
}
