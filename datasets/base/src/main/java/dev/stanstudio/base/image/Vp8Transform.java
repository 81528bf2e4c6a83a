package dev.stanstudio.base.image;

/** Turns coefficients back into differences of samples (RFC 6386, section 14). */
final class Vp8Transform {
    private static final int SIDE = 4;

    private Vp8Transform() {}

    /**
     * Undoes the Walsh-Hadamard transform of the second block and makes its values the first
     * coefficients of 16 blocks (section 14.3).
     */
    static void spread(short[] values, int second, int block) {
        int[] half = new int[SIDE * SIDE];
        for (int i = 0; i < SIDE; i++) {
            int outer = values[second + i] + values[second + 12 + i];
            int inner = values[second + 4 + i] + values[second + 8 + i];
            int innerStep = values[second + 4 + i] - values[second + 8 + i];
            int outerStep = values[second + i] - values[second + 12 + i];
            half[i] = outer + inner;
            half[4 + i] = outerStep + innerStep;
            half[8 + i] = outer - inner;
            half[12 + i] = outerStep - innerStep;
        }
        for (int i = 0; i < SIDE; i++) {
            int row = SIDE * i;
            int outer = half[row] + 3 + half[row + 3];
            int inner = half[row + 1] + half[row + 2];
            int innerStep = half[row + 1] - half[row + 2];
            int outerStep = half[row] + 3 - half[row + 3];
            values[row * block] = (short) ((outer + inner) >> 3);
            values[(row + 1) * block] = (short) ((outerStep + innerStep) >> 3);
            values[(row + 2) * block] = (short) ((outer - inner) >> 3);
            values[(row + 3) * block] = (short) ((outerStep - innerStep) >> 3);
        }
    }

    /** Multiplies by the square root of 2 and the cosine of π/8. */
    private static int cosine(int value) {
        return value + ((value * 20091) >> 16);
    }

    /** Multiplies by the square root of 2 and the sine of π/8. */
    private static int sine(int value) {
        return (value * 35468) >> 16;
    }

    /**
     * Undoes the cosine transform of a block and adds it to samples (sections 14.4, 14.5), in 16
     * bits as libwebp does, which makes a difference for damaged data only.
     */
    static void add(short[] values, int block, Vp8Plane plane, int at) {
        short[] half = new short[SIDE * SIDE];
        for (int i = 0; i < SIDE; i++) {
            int first = values[block + i];
            int second = values[block + 4 + i];
            int third = values[block + 8 + i];
            int fourth = values[block + 12 + i];
            int turned = sine(second) - cosine(fourth);
            int straight = cosine(second) + sine(fourth);
            half[i] = (short) (first + third + straight);
            half[4 + i] = (short) (first - third + turned);
            half[8 + i] = (short) (first - third - turned);
            half[12 + i] = (short) (first + third - straight);
        }
        for (int y = 0; y < SIDE; y++) {
            int first = half[SIDE * y] + 4;
            int second = half[SIDE * y + 1];
            int third = half[SIDE * y + 2];
            int fourth = half[SIDE * y + 3];
            int turned = sine(second) - cosine(fourth);
            int straight = cosine(second) + sine(fourth);
            int row = at + y * plane.stride();
            plane.set(row, plane.get(row) + ((short) (first + third + straight) >> 3));
            plane.set(row + 1, plane.get(row + 1) + ((short) (first - third + turned) >> 3));
            plane.set(row + 2, plane.get(row + 2) + ((short) (first - third - turned) >> 3));
            plane.set(row + 3, plane.get(row + 3) + ((short) (first + third - straight) >> 3));
        }
    }

    /** Adds a block of which only the first coefficient is not 0. */
    static void addFirst(int first, Vp8Plane plane, int at) {
        int step = (first + 4) >> 3;
        for (int y = 0; y < SIDE; y++) {
            int row = at + y * plane.stride();
            for (int x = 0; x < SIDE; x++) {
                plane.set(row + x, plane.get(row + x) + step);
            }
        }
    }
}
