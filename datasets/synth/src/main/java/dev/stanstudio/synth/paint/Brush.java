package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A loaded brush on a raster; coordinates in pixels. Keeps the relief of the paint if asked to. */
final class Brush {
    private static final int BRISTLES = 5;
    private static final float FAR = Float.MAX_VALUE;

    private final Raster on;
    private final float @Nullable [] relief;
    private final float[] distance;
    private int strokes;

    Brush(Raster on) {
        this(on, null);
    }

    /** {@code relief} takes the thickness of the paint, 0 … 1 per pixel. */
    Brush(Raster on, float @Nullable [] relief) {
        this.on = on;
        this.relief = relief;
        this.distance = new float[on.pixels()];
        Arrays.fill(distance, FAR);
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
    void stroke(
            float[] points, int count, double width, Rgb colour, double opacity, double bristle) {
        double half = width / 2;
        int seed = ++strokes;
        double reach = half + 0.5;
        for (int i = 0; i + 1 < count; i++) {
            measure(points, i, reach);
        }
        int left = first(points, 0, count, reach);
        int right = last(points, 0, count, reach);
        int bottom = last(points, 1, count, reach);
        for (int y = first(points, 1, count, reach); y <= bottom; y++) {
            for (int pixel = y * on.size() + left; pixel <= y * on.size() + right; pixel++) {
                float away = distance[pixel];
                if (away != FAR) {
                    distance[pixel] = FAR;
                    double share = Math.min(1, reach - Math.abs(away));
                    touch(pixel, away / half, share, colour, opacity, bristle, seed);
                }
            }
        }
    }

    private void touch(
            int pixel,
            double across,
            double share,
            Rgb colour,
            double opacity,
            double bristle,
            int seed) {
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

    /** Notes the signed distance from edge {@code i} where it is the nearest so far. */
    private void measure(float[] points, int i, double reach) {
        float[] edge = {points[2 * i], points[2 * i + 1], points[2 * i + 2], points[2 * i + 3]};
        double dx = edge[2] - edge[0];
        double dy = edge[3] - edge[1];
        double scale = 1 / (dx * dx + dy * dy + 1e-9);
        int left = first(edge, 0, 2, reach);
        int right = last(edge, 0, 2, reach);
        int bottom = last(edge, 1, 2, reach);
        for (int y = first(edge, 1, 2, reach); y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double px = x + 0.5 - edge[0];
                double py = y + 0.5 - edge[1];
                double t = Math.max(0, Math.min(1, (px * dx + py * dy) * scale));
                double ex = px - t * dx;
                double ey = py - t * dy;
                double away = Math.sqrt(ex * ex + ey * ey);
                int pixel = y * on.size() + x;
                if (away < reach && away < Math.abs(distance[pixel])) {
                    distance[pixel] = (float) (dx * ey - dy * ex < 0 ? -away : away);
                }
            }
        }
    }

    private static int first(float[] points, int axis, int count, double reach) {
        float least = points[axis];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, points[2 * i + axis]);
        }
        return (int) Math.max(0, least - reach);
    }

    private int last(float[] points, int axis, int count, double reach) {
        float most = points[axis];
        for (int i = 1; i < count; i++) {
            most = Math.max(most, points[2 * i + axis]);
        }
        return (int) Math.min(on.size() - 1, most + reach);
    }
}
