package dev.stanstudio.synth.draw;

import java.util.ArrayList;
import java.util.List;

/** Open polylines and the bands they make. */
public final class Line {
    private Line() {}

    /** A band along x0, y0, x1, y1, … whose width runs from {@code from} to {@code to}. */
    public static Contour of(double from, double to, double... points) {
        return band(floats(points), false, from, to);
    }

    /** As {@link #of}, the points joined by a smooth curve. */
    public static Contour curve(double from, double to, double... points) {
        return band(Shapes.spline(floats(points), false), false, from, to);
    }

    static float[] floats(double[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    /** Every edge as a quadrilateral, a little longer than the edge so that corners close. */
    static Contour band(float[] line, boolean closed, double from, double to) {
        int points = line.length / 2;
        int edges = closed ? points : points - 1;
        List<float[]> rings = new ArrayList<>(edges);
        for (int e = 0; e < edges; e++) {
            int q = (e + 1) % points;
            double w0 = (from + (to - from) * e / edges) / 2;
            double w1 = (from + (to - from) * (e + 1) / edges) / 2;
            quad(rings, line[2 * e], line[2 * e + 1], line[2 * q], line[2 * q + 1], w0, w1);
        }
        return new Contour(rings.toArray(new float[0][]));
    }

    private static void quad(
            List<float[]> rings, double x0, double y0, double x1, double y1, double w0, double w1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = Math.sqrt(dx * dx + dy * dy);
        if (length < 1e-7) {
            return;
        }
        dx /= length;
        dy /= length;
        double a = 0.7 * w0;
        double b = 0.7 * w1;
        rings.add(
                floats(
                        new double[] {
                            x0 - dx * a - dy * w0,
                            y0 - dy * a + dx * w0,
                            x1 + dx * b - dy * w1,
                            y1 + dy * b + dx * w1,
                            x1 + dx * b + dy * w1,
                            y1 + dy * b - dx * w1,
                            x0 - dx * a + dy * w0,
                            y0 - dy * a - dx * w0
                        }));
    }
}
