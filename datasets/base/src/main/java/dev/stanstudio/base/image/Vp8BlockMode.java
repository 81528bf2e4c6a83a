package dev.stanstudio.base.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Ways of predicting a whole block of luma or chroma (RFC 6386, sections 12.2 and 12.3). */
enum Vp8BlockMode {
    /** The mean of the neighbours above and to the left that the picture has. */
    MEAN(Vp8SubblockMode.MEAN) {
        @Override
        void predict(Vp8Plane plane, int x, int y, int size) {
            int sum = 0;
            int count = 0;
            if (y > 0) {
                sum += sum(plane, plane.at(x, y - 1), 1, size);
                count += size;
            }
            if (x > 0) {
                sum += sum(plane, plane.at(x - 1, y), plane.stride(), size);
                count += size;
            }
            byte mean = (byte) (count == 0 ? NONE : (sum + count / 2) / count);
            for (int row = 0; row < size; row++) {
                int at = plane.at(x, y + row);
                Arrays.fill(plane.samples(), at, at + size, mean);
            }
        }
    },
    /** Each row as the one above the block. */
    VERTICAL(Vp8SubblockMode.VERTICAL) {
        @Override
        void predict(Vp8Plane plane, int x, int y, int size) {
            byte[] samples = plane.samples();
            int above = plane.at(x, y - 1);
            for (int row = 0; row < size; row++) {
                System.arraycopy(samples, above, samples, plane.at(x, y + row), size);
            }
        }
    },
    /** Each column as the one to the left of the block. */
    HORIZONTAL(Vp8SubblockMode.HORIZONTAL) {
        @Override
        void predict(Vp8Plane plane, int x, int y, int size) {
            byte[] samples = plane.samples();
            for (int row = 0; row < size; row++) {
                int at = plane.at(x, y + row);
                Arrays.fill(samples, at, at + size, samples[at - 1]);
            }
        }
    },
    /** Predicts by the sum of the pixels above and to the left, less the corner. */
    TRUE_MOTION(Vp8SubblockMode.TRUE_MOTION) {
        @Override
        void predict(Vp8Plane plane, int x, int y, int size) {
            addUp(plane, x, y, size);
        }
    };

    /** The mean where there are no neighbours. */
    private static final int NONE = 128;

    private final Vp8SubblockMode similar;

    Vp8BlockMode(Vp8SubblockMode similar) {
        this.similar = similar;
    }

    /** Returns the mode that subblocks nearby take this one for (section 11.3). */
    Vp8SubblockMode similar() {
        return similar;
    }

    /** Predicts a square of samples whose upper left one is stated. */
    abstract void predict(Vp8Plane plane, int x, int y, int size);

    private static int sum(Vp8Plane plane, int at, int step, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += plane.get(at + i * step);
        }
        return sum;
    }

    /** Adds what is above to what is to the left, less the corner. */
    static void addUp(Vp8Plane plane, int x, int y, int size) {
        int above = plane.at(x, y - 1);
        int corner = plane.get(above - 1);
        for (int row = 0; row < size; row++) {
            int at = plane.at(x, y + row);
            int slope = plane.get(at - 1) - corner;
            for (int i = 0; i < size; i++) {
                plane.set(at + i, plane.get(above + i) + slope);
            }
        }
    }

    /** Reads the mode of luma, null for subblocks with their own (section 11.2). */
    static @Nullable Vp8BlockMode readLuma(Vp8Bits in) {
        if (!in.read(145)) {
            return null;
        }
        if (in.read(156)) {
            return in.read(128) ? TRUE_MOTION : HORIZONTAL;
        }
        return in.read(163) ? VERTICAL : MEAN;
    }

    /** Reads the mode of both chromas (section 11.4). */
    static Vp8BlockMode readChroma(Vp8Bits in) {
        if (!in.read(142)) {
            return MEAN;
        }
        if (!in.read(114)) {
            return VERTICAL;
        }
        return in.read(183) ? TRUE_MOTION : HORIZONTAL;
    }
}
