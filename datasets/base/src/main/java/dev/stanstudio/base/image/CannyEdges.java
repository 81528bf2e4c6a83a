package dev.stanstudio.base.image;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds edges as OpenCV's {@code Canny(picture, low, high)} does (Canny 1986): Sobel gradients over
 * 3×3 pixels, the outermost pixels going on beyond the picture; their size |dx| + |dy|, of the
 * channel where it is largest; thinned across the edge; then every pixel above {@code high} and all
 * above {@code low} that are connected with one.
 */
public final class CannyEdges {
    /** tan 22.5° in 15 bits, by which a gradient's direction is told. */
    private static final int TANGENT = 13573;

    private static final int BITS = 15;
    private static final byte WHITE = (byte) 255;

    private final int width;
    private final int height;
    private final int[] dx;
    private final int[] dy;
    private final int[] size;

    private CannyEdges(Picture picture) {
        width = picture.width();
        height = picture.height();
        dx = new int[width * height];
        dy = new int[width * height];
        size = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                gradient(picture, x, y);
            }
        }
    }

    /**
     * Returns the edges of a picture, white on black.
     *
     * @param picture grey or RGB
     * @param low the threshold for pixels connected with an edge; the two may change places
     * @param high the threshold for edges
     * @return grey, of the same size
     */
    public static Picture of(Picture picture, double low, double high) {
        CannyEdges edges = new CannyEdges(picture);
        return edges.drawn(
                (int) Math.floor(Math.min(low, high)), (int) Math.floor(Math.max(low, high)));
    }

    private void gradient(Picture picture, int x, int y) {
        int at = y * width + x;
        size[at] = -1;
        for (int channel = 0; channel < picture.mode().channels(); channel++) {
            int across = side(picture, x + 1, y, channel) - side(picture, x - 1, y, channel);
            int down = level(picture, x, y + 1, channel) - level(picture, x, y - 1, channel);
            int sum = Math.abs(across) + Math.abs(down);
            if (sum > size[at]) {
                size[at] = sum;
                dx[at] = across;
                dy[at] = down;
            }
        }
    }

    /** Three pixels of a column, weighted 1, 2, 1. */
    private int side(Picture picture, int x, int y, int channel) {
        return pixel(picture, x, y - 1, channel)
                + 2 * pixel(picture, x, y, channel)
                + pixel(picture, x, y + 1, channel);
    }

    /** Three pixels of a row, weighted 1, 2, 1. */
    private int level(Picture picture, int x, int y, int channel) {
        return pixel(picture, x - 1, y, channel)
                + 2 * pixel(picture, x, y, channel)
                + pixel(picture, x + 1, y, channel);
    }

    private int pixel(Picture picture, int x, int y, int channel) {
        return picture.sample(
                Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y)), channel);
    }

    private Picture drawn(int low, int high) {
        boolean[] thin = new boolean[size.length];
        byte[] out = new byte[size.length];
        Deque<Integer> strong = new ArrayDeque<>();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                thin[at] = size[at] > low && isRidge(x, y);
                if (thin[at] && size[at] > high) {
                    out[at] = WHITE;
                    strong.push(at);
                }
            }
        }
        while (!strong.isEmpty()) {
            follow(strong.pop(), thin, out, strong);
        }
        return Picture.adopt(width, height, PixelMode.GREY, out);
    }

    /** Adds the neighbours of an edge that are thin enough. */
    private void follow(int at, boolean[] thin, byte[] out, Deque<Integer> edges) {
        int x = at % width;
        int y = at / width;
        for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
                int next = v * width + u;
                if (thin[next] && out[next] == 0) {
                    out[next] = WHITE;
                    edges.push(next);
                }
            }
        }
    }

    /** Returns true if no neighbour across the edge is larger. */
    private boolean isRidge(int x, int y) {
        int at = y * width + x;
        int mine = size[at];
        long across = Math.abs(dx[at]);
        long down = (long) Math.abs(dy[at]) << BITS;
        long shallow = across * TANGENT;
        if (down < shallow) {
            return mine > size(x - 1, y) && mine >= size(x + 1, y);
        }
        if (down > shallow + (across << (BITS + 1))) {
            return mine > size(x, y - 1) && mine >= size(x, y + 1);
        }
        int step = (dx[at] ^ dy[at]) < 0 ? -1 : 1;
        return mine > size(x - step, y - 1) && mine > size(x + step, y + 1);
    }

    private int size(int x, int y) {
        return x < 0 || y < 0 || x >= width || y >= height ? 0 : size[y * width + x];
    }
}
