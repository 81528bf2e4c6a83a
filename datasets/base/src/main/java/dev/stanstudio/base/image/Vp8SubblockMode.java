package dev.stanstudio.base.image;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/**
 * Ways of predicting a subblock of 4 × 4 samples of luma, in the order of the format's table (RFC
 * 6386, sections 11.2 and 12.3). Most give each sample a mean along the edge of neighbours, stated
 * here as the place of that mean: see {@link Vp8SubblockEdge}.
 */
enum Vp8SubblockMode {
    MEAN((x, y) -> 0) {
        @Override
        void predict(Vp8Plane plane, Vp8SubblockEdge edge, int x, int y) {
            byte mean = (byte) edge.mean();
            for (int row = 0; row < SIZE; row++) {
                int at = plane.at(x, y + row);
                Arrays.fill(plane.samples(), at, at + SIZE, mean);
            }
        }
    },
    TRUE_MOTION((x, y) -> 0) {
        @Override
        void predict(Vp8Plane plane, Vp8SubblockEdge edge, int x, int y) {
            Vp8BlockMode.addUp(plane, x, y, SIZE);
        }
    },
    VERTICAL((x, y) -> three(6 + x)),
    HORIZONTAL((x, y) -> three(4 - y)),
    LEFT_DOWN((x, y) -> three(7 + x + y)),
    RIGHT_DOWN((x, y) -> three(5 + x - y)),
    VERTICAL_RIGHT((x, y) -> verticalRight(2 * x - y)),
    VERTICAL_LEFT(Vp8SubblockMode::verticalLeft),
    HORIZONTAL_DOWN((x, y) -> horizontalDown(2 * y - x)),
    HORIZONTAL_UP((x, y) -> horizontalUp(x + 2 * y));

    static final int SIZE = 4;

    private static final int PROBABILITIES = 9;
    private static final Vp8SubblockMode[] MODES = values();
    private static final int[] TABLE = Vp8SubblockTable.values();

    @SuppressWarnings("ImmutableEnumChecker") // Set once, never handed out.
    private final int[] places = new int[SIZE * SIZE];

    Vp8SubblockMode(IntBinaryOperator place) {
        Arrays.setAll(places, i -> place.applyAsInt(i % SIZE, i / SIZE));
    }

    private static int two(int i) {
        return Vp8SubblockEdge.TWO + i;
    }

    private static int three(int i) {
        return i;
    }

    private static int verticalRight(int k) {
        if (k < -1) {
            return three(6 + k);
        }
        return k % 2 == 0 ? two(5 + k / 2) : three(5 + (k + 1) / 2);
    }

    private static int horizontalDown(int k) {
        if (k < -1) {
            return three(4 - k);
        }
        return k % 2 == 0 ? two(4 - k / 2) : three(5 - (k + 1) / 2);
    }

    /** The lower right two samples do not go on the rows' steps. */
    private static int verticalLeft(int x, int y) {
        if (x == SIZE - 1 && y >= 2) {
            return three(9 + y);
        }
        return y % 2 == 0 ? two(6 + x + y / 2) : three(7 + x + y / 2);
    }

    private static int horizontalUp(int k) {
        if (k > 5) {
            return two(0);
        }
        return k % 2 == 0 ? two(3 - k / 2) : three(3 - k / 2);
    }

    /** Predicts a subblock whose upper left sample is stated, from its edge. */
    void predict(Vp8Plane plane, Vp8SubblockEdge edge, int x, int y) {
        byte[] samples = plane.samples();
        for (int row = 0; row < SIZE; row++) {
            int at = plane.at(x, y + row);
            for (int i = 0; i < SIZE; i++) {
                samples[at + i] = (byte) edge.at(places[row * SIZE + i]);
            }
        }
    }

    /** Reads a mode, given those of the neighbours (section 11.3). */
    @SuppressWarnings("EnumOrdinal") // The order is that of the format's table.
    static Vp8SubblockMode read(Vp8Bits in, Vp8SubblockMode above, Vp8SubblockMode left) {
        int p = (above.ordinal() * MODES.length + left.ordinal()) * PROBABILITIES;
        if (!in.read(TABLE[p])) {
            return MEAN;
        }
        if (!in.read(TABLE[p + 1])) {
            return TRUE_MOTION;
        }
        if (!in.read(TABLE[p + 2])) {
            return VERTICAL;
        }
        return in.read(TABLE[p + 3]) ? readLast(in, p) : readMiddle(in, p);
    }

    private static Vp8SubblockMode readMiddle(Vp8Bits in, int p) {
        if (!in.read(TABLE[p + 4])) {
            return HORIZONTAL;
        }
        return in.read(TABLE[p + 5]) ? VERTICAL_RIGHT : RIGHT_DOWN;
    }

    private static Vp8SubblockMode readLast(Vp8Bits in, int p) {
        if (!in.read(TABLE[p + 6])) {
            return LEFT_DOWN;
        }
        if (!in.read(TABLE[p + 7])) {
            return VERTICAL_LEFT;
        }
        return in.read(TABLE[p + 8]) ? HORIZONTAL_UP : HORIZONTAL_DOWN;
    }
}
