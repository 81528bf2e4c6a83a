package dev.stanstudio.synth.draw;

import java.util.ArrayList;
import java.util.List;

/**
 * Closed rings of straight edges, filled where their winding number is not zero. One picture is the
 * unit square, x to the right and y downwards. Immutable.
 */
public final class Contour {
    private final float[][] rings;

    /**
     * Takes the rings over; each is turned so that overlapping ones add up instead of cancelling.
     */
    Contour(float[][] rings) {
        for (float[] ring : rings) {
            if (area(ring) < 0) {
                reverse(ring);
            }
        }
        this.rings = rings;
    }

    private static float area(float[] ring) {
        float twice = 0;
        int last = ring.length - 2;
        for (int p = 0; p < ring.length; p += 2) {
            twice += ring[last] * ring[p + 1] - ring[p] * ring[last + 1];
            last = p;
        }
        return twice;
    }

    private static void reverse(float[] ring) {
        for (int p = 0, q = ring.length - 2; p < q; p += 2, q -= 2) {
            float x = ring[p];
            float y = ring[p + 1];
            ring[p] = ring[q];
            ring[p + 1] = ring[q + 1];
            ring[q] = x;
            ring[q + 1] = y;
        }
    }

    /** Ring {@code i} as x0, y0, x1, y1, …; for reading only. */
    float[] ring(int i) {
        return rings[i];
    }

    int ringCount() {
        return rings.length;
    }

    /** Both areas together. */
    public static Contour union(List<Contour> parts) {
        List<float[]> all = new ArrayList<>();
        for (Contour part : parts) {
            all.addAll(List.of(part.rings));
        }
        return new Contour(all.toArray(new float[0][]));
    }

    /** The image under {@code warp}; edges stay straight, so bend only finely divided contours. */
    public Contour warped(Warp warp) {
        float[][] out = new float[rings.length][];
        for (int i = 0; i < rings.length; i++) {
            float[] ring = rings[i];
            float[] image = new float[ring.length];
            for (int p = 0; p < ring.length; p += 2) {
                image[p] = (float) warp.x(ring[p], ring[p + 1]);
                image[p + 1] = (float) warp.y(ring[p], ring[p + 1]);
            }
            out[i] = image;
        }
        return new Contour(out);
    }

    /** The same rings with no edge longer than {@code length}. */
    public Contour divided(double length) {
        float[][] out = new float[rings.length][];
        for (int i = 0; i < rings.length; i++) {
            out[i] = divided(rings[i], length);
        }
        return new Contour(out);
    }

    private static float[] divided(float[] ring, double length) {
        List<float[]> points = new ArrayList<>();
        for (int p = 0; p < ring.length; p += 2) {
            int q = (p + 2) % ring.length;
            double dx = ring[q] - ring[p];
            double dy = ring[q + 1] - ring[p + 1];
            int parts = (int) Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / length));
            for (int k = 0; k < parts; k++) {
                double t = (double) k / parts;
                points.add(
                        new float[] {(float) (ring[p] + dx * t), (float) (ring[p + 1] + dy * t)});
            }
        }
        return flat(points);
    }

    static float[] flat(List<float[]> points) {
        float[] out = new float[points.size() * 2];
        for (int i = 0; i < points.size(); i++) {
            out[2 * i] = points.get(i)[0];
            out[2 * i + 1] = points.get(i)[1];
        }
        return out;
    }

    /** The band of the given width along every ring, its middle on the ring. */
    public Contour outline(double width) {
        List<Contour> bands = new ArrayList<>();
        for (float[] ring : rings) {
            bands.add(Line.band(ring, true, width, width));
        }
        return union(bands);
    }

    /** The smallest box around all rings. */
    public Box box() {
        float left = Float.MAX_VALUE;
        float top = Float.MAX_VALUE;
        float right = -Float.MAX_VALUE;
        float bottom = -Float.MAX_VALUE;
        for (float[] ring : rings) {
            for (int p = 0; p < ring.length; p += 2) {
                left = Math.min(left, ring[p]);
                right = Math.max(right, ring[p]);
                top = Math.min(top, ring[p + 1]);
                bottom = Math.max(bottom, ring[p + 1]);
            }
        }
        return new Box(left, top, right, bottom);
    }

    /** An upright rectangle. */
    public record Box(float left, float top, float right, float bottom) {
        public float width() {
            return right - left;
        }

        public float height() {
            return bottom - top;
        }

        public float centreX() {
            return (left + right) / 2;
        }

        public float centreY() {
            return (top + bottom) / 2;
        }
    }
}
