package dev.stanstudio.datasets.synth.paint;

import dev.stanstudio.datasets.synth.draw.Noise;
import dev.stanstudio.datasets.synth.draw.Raster;
import dev.stanstudio.datasets.synth.draw.Rgb;
import org.jspecify.annotations.Nullable;

/** A loaded brush on a raster; coordinates in pixels. Keeps the relief of the paint if asked to. */
final class Brush {
    private static final int BRISTLES = 5;

    private final Raster on;
    private final float @Nullable [] relief;
    private int strokes;

    Brush(Raster on) {
        this(on, null);
    }

    /** {@code relief} takes the thickness of the paint, 0 … 1 per pixel. */
    Brush(Raster on, float @Nullable [] relief) {
        this.on = on;
        this.relief = relief;
    }

    /** A round dab. */
    void dot(double x, double y, double radius, Rgb colour, double opacity) {
        int size = on.size();
        int top = (int) Math.max(0, y - radius - 1);
        int bottom = (int) Math.min(size - 1, y + radius + 1);
        int left = (int) Math.max(0, x - radius - 1);
        int right = (int) Math.min(size - 1, x + radius + 1);
        for (int py = top; py <= bottom; py++) {
            for (int px = left; px <= right; px++) {
                double dx = px + 0.5 - x;
                double dy = py + 0.5 - y;
                double share = Math.min(1, radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
                if (share > 0) {
                    on.lay(py * size + px, colour, (float) (share * opacity));
                }
            }
        }
    }

    /**
     * A stroke along {@code count} points.
     *
     * @param bristle how much single hairs differ in tone, 0 … 1
     */
    void stroke(float[] points, int count, double width, Rgb colour, double opacity, double bristle) {
        double half = width / 2;
        int seed = ++strokes;
        float[] box = box(points, count, half + 1);
        int size = on.size();
        for (int y = (int) box[1]; y <= (int) box[3]; y++) {
            for (int x = (int) box[0]; x <= (int) box[2]; x++) {
                double across = across(points, count, x + 0.5, y + 0.5, half + 1);
                double share = half + 0.5 - Math.abs(across);
                if (share > 0) {
                    touch(y * size + x, across / half, Math.min(1, share), colour, opacity, bristle, seed);
                }
            }
        }
    }

    private void touch(int pixel, double across, double share, Rgb colour, double opacity, double bristle, int seed) {
        int hair = (int) Math.floor((across + 1) * BRISTLES / 2);
        float tone = Noise.hash(hair, seed, 77);
        float weight = (float) (share * opacity * (1 - bristle * 0.5 * Noise.hash(hair, seed, 78)));
        Rgb toned = colour.times(1 + bristle * 0.5 * (tone - 0.5));
        on.lay(pixel, toned, weight);
        if (relief != null) {
            double ridge = 0.35 + 0.4 * tone + 0.25 * across * across;
            relief[pixel] += (float) ((ridge - relief[pixel]) * share);
        }
    }

    private float[] box(float[] points, int count, double margin) {
        float left = points[0];
        float right = left;
        float top = points[1];
        float bottom = top;
        for (int i = 1; i < count; i++) {
            left = Math.min(left, points[2 * i]);
            right = Math.max(right, points[2 * i]);
            top = Math.min(top, points[2 * i + 1]);
            bottom = Math.max(bottom, points[2 * i + 1]);
        }
        float last = on.size() - 1;
        float m = (float) margin;
        return new float[] {Math.max(0, left - m), Math.max(0, top - m), Math.min(last, right + m), Math.min(last, bottom + m)};
    }

    /** Signed distance from the polyline, {@code far} where it is farther than that. */
    private static double across(float[] points, int count, double x, double y, double far) {
        double best = far * far;
        double side = 1;
        for (int i = 0; i + 1 < count; i++) {
            double ax = points[2 * i];
            double ay = points[2 * i + 1];
            double dx = points[2 * i + 2] - ax;
            double dy = points[2 * i + 3] - ay;
            double t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9);
            t = Math.max(0, Math.min(1, t));
            double ex = x - ax - t * dx;
            double ey = y - ay - t * dy;
            double d = ex * ex + ey * ey;
            if (d < best) {
                best = d;
                side = dx * ey - dy * ex < 0 ? -1 : 1;
            }
        }
        return side * Math.sqrt(best);
    }
}
