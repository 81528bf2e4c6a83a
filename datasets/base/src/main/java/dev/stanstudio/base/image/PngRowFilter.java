package dev.stanstudio.base.image;

/**
 * Filters rows before compression (PNG specification, 9 and 12.7): of the five predictors the one
 * with the smallest sum of absolute differences. Keeps its buffers, so one thread at a time.
 */
final class PngRowFilter {

    private static final int TYPES = 5;

    private final byte[] samples;
    private final int row;
    private final int pixel;
    private final byte[][] candidates;

    PngRowFilter(Picture picture) {
        this.samples = picture.array();
        this.pixel = picture.mode().channels();
        this.row = picture.width() * pixel;
        this.candidates = new byte[TYPES][row + 1];
    }

    /**
     * Row {@code y} as it is compressed: the filter type, then the differences. Valid until the
     * next call.
     */
    byte[] filter(int y) {
        byte[] best = candidates[0];
        long least = Long.MAX_VALUE;
        for (int type = 0; type < TYPES; type++) {
            long cost = apply(type, y, candidates[type]);
            if (cost < least) {
                least = cost;
                best = candidates[type];
            }
        }
        return best;
    }

    private long apply(int type, int y, byte[] out) {
        out[0] = (byte) type;
        int start = y * row;
        long cost = 0;
        for (int i = 0; i < row; i++) {
            int left = i >= pixel ? samples[start + i - pixel] & 0xFF : 0;
            int up = y > 0 ? samples[start + i - row] & 0xFF : 0;
            int corner = i >= pixel && y > 0 ? samples[start + i - row - pixel] & 0xFF : 0;
            byte difference = (byte) (samples[start + i] - predict(type, left, up, corner));
            out[i + 1] = difference;
            cost += Math.abs((int) difference);
        }
        return cost;
    }

    private static int predict(int type, int left, int up, int corner) {
        return switch (type) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
        };
    }

    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
