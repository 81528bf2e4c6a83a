package dev.stanstudio.base.image;

/**
 * The neighbours of a subblock in a row, from the lowest to the left over the corner to the last
 * above and to the right, and their means (RFC 6386, section 12.3). Both ends are repeated once:
 * places 1 to 4 are to the left, 5 is the corner, 6 to 13 are above. Not thread-safe.
 */
final class Vp8SubblockEdge {
    /** First place of means of two; before it are those of three. */
    static final int TWO = 16;

    private static final int SIZE = Vp8SubblockMode.SIZE;
    private static final int CORNER = 5;
    private static final int COUNT = 15;

    private final int[] edge = new int[COUNT];
    private final int[] means = new int[TWO + COUNT];

    /**
     * Takes the neighbours of a subblock.
     *
     * @param right place of the four samples above and to the right, which for lower subblocks at
     *     the right side of a macroblock are those above the macroblock
     */
    void take(Vp8Plane plane, int x, int y, int right) {
        int corner = plane.at(x - 1, y - 1);
        edge[CORNER] = plane.get(corner);
        for (int i = 1; i <= SIZE; i++) {
            edge[CORNER - i] = plane.get(corner + i * plane.stride());
            edge[CORNER + i] = plane.get(corner + i);
            edge[CORNER + SIZE + i] = plane.get(right + i - 1);
        }
        edge[0] = edge[1];
        edge[COUNT - 1] = edge[COUNT - 2];
        for (int i = 0; i < COUNT - 1; i++) {
            means[TWO + i] = (edge[i] + edge[i + 1] + 1) >> 1;
        }
        for (int i = 1; i < COUNT - 1; i++) {
            means[i] = (edge[i - 1] + 2 * edge[i] + edge[i + 1] + 2) >> 2;
        }
    }

    /** Returns the mean of three neighbours around a place, or of two from {@link #TWO} on. */
    int at(int place) {
        return means[place];
    }

    /** Returns the mean of the four to the left and the four above. */
    int mean() {
        int sum = SIZE;
        for (int i = 1; i <= SIZE; i++) {
            sum += edge[CORNER - i] + edge[CORNER + i];
        }
        return sum >> 3;
    }
}
