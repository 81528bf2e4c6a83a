package dev.stanstudio.synth.draw;

import java.util.ArrayList;
import java.util.List;

/** The contours that scenes are built from. */
public final class Shapes {
    private static final int CURVE_PARTS = 5;

    private Shapes() {}

    /** An upright rectangle. */
    public static Contour rect(double left, double top, double right, double bottom) {
        return polygon(left, top, right, top, right, bottom, left, bottom);
    }

    /** Straight edges through x0, y0, x1, y1, … */
    public static Contour polygon(double... points) {
        return new Contour(new float[][] {Line.floats(points)});
    }

    /** A smooth closed curve (Catmull-Rom) through x0, y0, x1, y1, … */
    public static Contour smooth(double... points) {
        return new Contour(new float[][] {spline(Line.floats(points), true)});
    }

    /** An ellipse. */
    public static Contour ellipse(double cx, double cy, double rx, double ry) {
        return arc(cx, cy, rx, ry, 0, 2 * StrictMath.PI);
    }

    /**
     * The part of an ellipse between two angles (radians, clockwise from the right), closed by a
     * chord.
     */
    public static Contour arc(double cx, double cy, double rx, double ry, double from, double to) {
        int parts = Math.max(rx, ry) < 0.02 ? 10 : 28;
        float[] ring = new float[2 * parts];
        double steps = to - from > 6.28 ? parts : parts - 1;
        for (int i = 0; i < parts; i++) {
            double angle = from + (to - from) * i / steps;
            ring[2 * i] = (float) (cx + rx * StrictMath.cos(angle));
            ring[2 * i + 1] = (float) (cy + ry * StrictMath.sin(angle));
        }
        return new Contour(new float[][] {ring});
    }

    /** An ellipse with a wavy edge; {@code roughness} is the wave's share of the radius. */
    public static Contour blob(
            double cx, double cy, double rx, double ry, double roughness, Dice dice) {
        int corners = 9;
        double[] points = new double[2 * corners];
        for (int i = 0; i < corners; i++) {
            double angle = 2 * StrictMath.PI * i / corners;
            double reach = 1 + roughness * dice.between(-1, 1);
            points[2 * i] = cx + rx * reach * StrictMath.cos(angle);
            points[2 * i + 1] = cy + ry * reach * StrictMath.sin(angle);
        }
        return smooth(points);
    }

    /** Many small ellipses as one contour: rx times its own factor per centre. */
    public static Contour dots(double rx, double ry, double[] xys) {
        List<Contour> parts = new ArrayList<>();
        for (int i = 0; i + 2 < xys.length; i += 3) {
            parts.add(ellipse(xys[i], xys[i + 1], rx * xys[i + 2], ry * xys[i + 2]));
        }
        return Contour.union(parts);
    }

    /** Everything below a ridge that runs from the left edge to the right one. */
    public static Contour below(double... ridge) {
        float[] top = spline(Line.floats(ridge), false);
        float[] ring = new float[top.length + 4];
        System.arraycopy(top, 0, ring, 0, top.length);
        ring[top.length] = top[top.length - 2];
        ring[top.length + 1] = 1.1f;
        ring[top.length + 2] = top[0];
        ring[top.length + 3] = 1.1f;
        return new Contour(new float[][] {ring});
    }

    /** A star with {@code points} tips. */
    public static Contour star(double cx, double cy, double outer, double inner, int points) {
        double[] out = new double[4 * points];
        for (int i = 0; i < 2 * points; i++) {
            double angle = StrictMath.PI * i / points - StrictMath.PI / 2;
            double r = i % 2 == 0 ? outer : inner;
            out[2 * i] = cx + r * StrictMath.cos(angle);
            out[2 * i + 1] = cy + r * StrictMath.sin(angle);
        }
        return polygon(out);
    }

    static float[] spline(float[] p, boolean closed) {
        int n = p.length / 2;
        List<float[]> out = new ArrayList<>();
        int spans = closed ? n : n - 1;
        for (int i = 0; i < spans; i++) {
            int a = closed ? (i + n - 1) % n : Math.max(0, i - 1);
            int c = (i + 1) % n;
            int d = closed ? (i + 2) % n : Math.min(n - 1, i + 2);
            for (int k = 0; k < CURVE_PARTS; k++) {
                float t = (float) k / CURVE_PARTS;
                out.add(
                        new float[] {
                            cubic(p[2 * a], p[2 * i], p[2 * c], p[2 * d], t),
                            cubic(p[2 * a + 1], p[2 * i + 1], p[2 * c + 1], p[2 * d + 1], t)
                        });
            }
        }
        if (!closed) {
            out.add(new float[] {p[2 * n - 2], p[2 * n - 1]});
        }
        return Contour.flat(out);
    }

    private static float cubic(float a, float b, float c, float d, float t) {
        return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
}
